import { rolldown } from 'rolldown';

/** What runs in the page, as one script, from its sources. */
export async function bundlePage(main: string): Promise<string> {
  const bundle = await rolldown({
    input: main,
    platform: 'browser',
    logLevel: 'warn',
    // No module of ours does anything by itself, so what the page does not use stays out.
    treeshake: { moduleSideEffects: false },
  });
  try {
    const { output } = await bundle.generate({ format: 'iife', minify: true });
    // The page is a file of HTML, which only `</script` in it could break out of.
    return output[0].code.replaceAll('</script', '<\\/script');
  } finally {
    await bundle.close();
  }
}
