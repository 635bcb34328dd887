import { shortSum } from '../../runtime/files.ts';

interface Settings {
  images: Readonly<Record<string, string | undefined>>;
  kubeconfig?: unknown;
  machines?: unknown;
  controlPlane?: unknown;
}

/**
 * What the reference platform is made of by its settings; the checkout has the manifests. Where a kubeconfig lies, and how machines are
 * switched, is up to whose computer it is, and no part of it.
 */
export function settingsMadeOf(settings: Settings): Record<string, string> {
  const { kubeconfig: _, machines: __, controlPlane: ___, ...rest } = settings;
  const images = Object.entries(settings.images).flatMap(([name, image]) =>
    image ? [[`image of ${name}`, image]] : [],
  );
  return { settings: shortSum(rest), ...Object.fromEntries(images) };
}
