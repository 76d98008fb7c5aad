/** One of the devices and themes that every page is inspected with. */
export interface Look {
  readonly name: string
  readonly viewport: { readonly width: number; readonly height: number }
  readonly theme: 'light' | 'dark'
  /** a phone: touch instead of a mouse */
  readonly touch: boolean
}

/** The look that every window has at first. */
export const desktop = {
  name: 'desktop',
  viewport: { width: 1440, height: 900 },
  theme: 'light',
  touch: false,
} as const satisfies Look

const viewports = [desktop.viewport, { width: 390, height: 844 }]

/** A desktop and a phone, in light and dark. */
export const looks: readonly Look[] = viewports.flatMap((viewport) =>
  (['light', 'dark'] as const).map((theme) => ({
    name: `${viewport.width}x${viewport.height}-${theme}`,
    viewport,
    theme,
    touch: viewport.width < 720,
  })),
)

/** More widths, from a small phone to a large screen, at which nothing may scroll sideways. */
export const otherWidths: readonly number[] = [360, 768, 2560]
