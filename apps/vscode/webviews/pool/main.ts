import "./pool.css";
import { PoolApp } from "./pool-app.ts";

const root = document.getElementById("root");
if (root !== null) new PoolApp(root).start();
