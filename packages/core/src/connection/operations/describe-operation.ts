import type { Buffer } from "node:buffer";
import type { Field, StatementDescription } from "../query.ts";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import { readRowDescription } from "../wire/response-fields.ts";
import { type Interruption, Operation } from "./operation.ts";

/** Parses one statement as the unnamed one and asks what it takes and gives; nothing is run and nothing stays behind. */
export class DescribeOperation extends Operation {
  readonly #text: string;
  readonly #resolve: (description: StatementDescription) => void;
  readonly #reject: (error: unknown) => void;
  #parameterTypeIds: readonly number[] = [];
  #fields: readonly Field[] = [];

  constructor(
    context: SessionContext,
    text: string,
    outcome: { resolve: (description: StatementDescription) => void; reject: (error: unknown) => void },
  ) {
    super(context, false);
    this.#text = text;
    this.#resolve = outcome.resolve;
    this.#reject = outcome.reject;
  }

  override write(writer: MessageWriter): void {
    writer.parse("", this.#text);
    writer.describe("S", "");
    writer.sync();
  }

  override parametersDescribed(buffer: Buffer, start: number, count: number): void {
    this.#parameterTypeIds = Array.from({ length: count }, (_, index) =>
      buffer.readUInt32BE(start + index * 4),
    );
  }

  override described(buffer: Buffer, start: number): void {
    this.#fields = readRowDescription(buffer, start);
  }

  protected override settle(failure: Interruption | null): void {
    if (failure !== null) this.#reject(failure.reason);
    else this.#resolve({ parameterTypeIds: this.#parameterTypeIds, fields: this.#fields });
  }
}
