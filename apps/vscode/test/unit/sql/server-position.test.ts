import { describe, expect, it } from "vitest";
import { errorSpan, utf16Offset } from "../../../src/model/sql/server-position.ts";

function underlined(text: string, position: number): string {
  const { start, end } = errorSpan(text, position);
  return text.slice(start, end);
}

describe("a server position", () => {
  it("counts code points, an editor UTF-16 units", () => {
    expect(utf16Offset("select '😀', x", 13)).toBe("select '😀', x".indexOf("x"));
    expect(utf16Offset("select 'é', x", 13)).toBe("select 'é', x".indexOf("x"));
  });

  it("underlines the whole word there", () => {
    expect(underlined("select nmae from t", 8)).toBe("nmae");
    expect(underlined('select "we ird" from t', 8)).toBe('"we ird"');
    expect(underlined("select '😀', nope", 13)).toBe("nope");
  });

  it("underlines the last character where the statement ended too soon", () => {
    expect(underlined("select 1 +", 11)).toBe("+");
    expect(underlined("select (\n", 10)).toBe("(");
  });

  it("underlines one line of a token that has several", () => {
    expect(underlined("select 'a\nb'", 8)).toBe("'a");
  });

  it("beyond the text is its end", () => {
    expect(underlined("select", 99)).toBe("t");
  });
});
