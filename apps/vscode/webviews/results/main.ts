import "./results.css";
import { ResultsApp } from "./results-app.ts";

const root = document.getElementById("root");
if (root !== null) new ResultsApp(root).start();
