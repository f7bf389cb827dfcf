interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** The host as a view sees it: typed messages out, and state that survives while the view is hidden. */
export class Host<Out, In, State> {
  readonly #api = acquireVsCodeApi();

  send(message: Out): void {
    this.#api.postMessage(message);
  }

  onMessage(listener: (message: In) => void): void {
    window.addEventListener("message", (event: MessageEvent<In>) => listener(event.data));
  }

  /** What was stored before the view was hidden; null in a new view. */
  get state(): State | null {
    const stored = this.#api.getState();
    return isStored<State>(stored) ? stored : null;
  }

  set state(state: State) {
    this.#api.setState(state);
  }
}

/** Only this view writes the state, so it has the shape that was stored. */
function isStored<State>(value: unknown): value is State {
  return typeof value === "object" && value !== null;
}
