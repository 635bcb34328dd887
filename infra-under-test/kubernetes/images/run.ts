import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end. @returns its output. @throws with what it said */
export async function run(program: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { maxBuffer: 100_000_000 });
    return stdout;
  } catch (error) {
    const { message, stderr } = error as Error & { stderr?: string };
    throw new Error(`${program}: ${stderr?.trim() || message}`);
  }
}
