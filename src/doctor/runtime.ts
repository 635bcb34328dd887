import type { Answer, Check } from './check.ts';

/** What package.json brings along, and all tests run on. */
const testedMajor = 24;

/** Whether tenfold's own programs run here. */
export const runtime: Check = {
  id: 'runtime',
  title: 'Node',
  run: async () => [judgeRuntime(process.versions.node, process.platform, process.arch)],
};

export function judgeRuntime(version: string, platform: string, arch: string): Answer {
  const seen = `Node ${version} on ${platform} ${arch}`;
  const major = Number(version.split('.')[0]);
  if (platform !== 'linux' && platform !== 'darwin')
    return {
      outcome: 'problem',
      message: `${seen}: tenfold needs Linux or macOS`,
      remedy: 'on Windows run it inside WSL 2',
    };
  if (major === testedMajor) return { outcome: 'ok', message: seen };
  return {
    outcome: major < testedMajor ? 'problem' : 'warning',
    message: `${seen}: ${major < testedMajor ? 'too old' : 'not tested'}, tenfold is made for Node ${testedMajor}`,
    remedy: 'run npm ci, which installs the right Node, and start tenfold with npm run',
  };
}
