const clamp = (value: number) => Math.min(1, Math.max(0, value))

/** Returns the relative luminance (WCAG) of "L C h" in OKLCH, clipped to sRGB. */
function luminance(oklch: string): number {
  const [l, c, h] = oklch.split(/\s+/).map(Number) as [number, number, number]
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = clamp(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short)
  const green = clamp(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short)
  const blue = clamp(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Returns the contrast of two colours, as "L C h" in OKLCH: 1 to 21 (WCAG). */
export function contrastOf(one: string, other: string): number {
  const [high, low] = [one, other].map(luminance).toSorted((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}
