import type { Line, Store } from "../../src/study/journal.ts";

/** A store in memory, with the text of its journal at hand. */
export function memoryStore(text = ""): Store & { text: string; checkpoint: Uint8Array | undefined } {
  const store = {
    where: "memory",
    text,
    checkpoint: undefined as Uint8Array | undefined,
    async *lines(from: number): AsyncGenerator<Line, void, void> {
      let end = 0;
      const whole = store.text
        .slice(0, store.text.lastIndexOf("\n") + 1)
        .split("\n")
        .slice(0, -1);
      for (const [i, line] of whole.entries()) {
        end += line.length + 1;
        if (end > from) yield { text: line, number: i + 1, end };
      }
    },
    append(line: string) {
      store.text += `${line}\n`;
      return store.text.length;
    },
    size: () => store.text.lastIndexOf("\n") + 1,
    sync: async () => {},
    loadCheckpoint: () => store.checkpoint,
    async saveCheckpoint(bytes: Uint8Array) {
      store.checkpoint = bytes;
    },
    close: async () => {},
  };
  return store;
}
