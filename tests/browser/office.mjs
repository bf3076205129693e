// The real program on a made-up office in a temp folder: started, killed, and
// started again at the same address.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export class Office {
  #program;
  #folder;
  #port = 0;
  #running;
  #errors = "";

  static async open(program) {
    const office = new Office();
    office.#program = program;
    office.#folder = await mkdtemp(join(tmpdir(), "koekake-story-"));
    await office.start();
    return office;
  }

  /** Starts it; resolves when it has said its address. */
  async start() {
    const options = ["trial", "--data", this.#folder, "--listen", `127.0.0.1:${this.#port}`, "--on", "2026-11-25"];
    // None of this machine's settings, nor those of the story.
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("KOEKAKE_"));
    this.#running = spawn(this.#program, options, {
      stdio: ["ignore", "pipe", "pipe"],
      env: Object.fromEntries(environment),
    });
    this.#running.stderr.on("data", (said) => (this.#errors += said));
    const ended = new Promise((_, reject) =>
      this.#running.once("exit", (code) => reject(new Error(`it ended with ${code}: ${this.#errors}`))),
    );
    ended.catch(() => {});
    const lines = createInterface({ input: this.#running.stdout });
    const said = await Promise.race([new Promise((resolve) => lines.once("line", resolve)), ended]);
    this.url = said.replace(/\/$/, "");
    this.#port = new URL(this.url).port;
  }

  /** Ends it by that signal; resolves when it is gone. */
  async end(signal) {
    const gone = new Promise((resolve) => this.#running.once("exit", resolve));
    this.#running.kill(signal);
    await gone;
  }

  /** Ends it in order and removes the folder; what it said on its standard error. */
  async close() {
    if (this.#running.exitCode === null && this.#running.signalCode === null) await this.end("SIGTERM");
    await rm(this.#folder, { recursive: true, force: true });
    return this.#errors;
  }
}
