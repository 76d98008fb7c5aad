import { centreView, clampView, mapSize, type MapView, wholeMap, zoomView } from './map-view.ts'

export type MapKeysOptions = {
  view: () => MapView
  setView: (view: MapView) => void
  /** the centre of each country */
  centres: () => ReadonlyMap<string, readonly [number, number]>
  values: () => ReadonlyMap<string, number>
  current: () => string | undefined
  setCurrent: (code: string | undefined) => void
  onSelect: (code: string) => void
}

const STEP_PX = 60

/** Returns the key handler of the map: arrows, plus, minus, 0, and Page Up and Down from country to country by their counts. */
export function createMapKeys(options: MapKeysOptions): (event: KeyboardEvent) => void {
  const move = (x: number, y: number) => {
    const view = options.view()
    options.setView(clampView({ ...view, x: view.x + x, y: view.y + y }, mapSize))
  }
  const zoom = (factor: number) => options.setView(zoomView(options.view(), { factor, size: mapSize }))
  const step = (by: number) => {
    const codes = [...options.values()]
      .filter(([code, value]) => value > 0 && options.centres().has(code))
      .toSorted((one, other) => other[1] - one[1])
      .map(([code]) => code)
    const at = codes.indexOf(options.current() ?? '')
    const next = codes[at < 0 ? 0 : Math.min(codes.length - 1, Math.max(0, at + by))]
    const point = next === undefined ? undefined : options.centres().get(next)
    if (!point) return
    options.setCurrent(next)
    options.setView(centreView(options.view(), { point, least: 2, size: mapSize }))
  }
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => move(STEP_PX, 0),
    ArrowRight: () => move(-STEP_PX, 0),
    ArrowUp: () => move(0, STEP_PX),
    ArrowDown: () => move(0, -STEP_PX),
    '+': () => zoom(1.6),
    '=': () => zoom(1.6),
    '-': () => zoom(1 / 1.6),
    '0': () => options.setView(wholeMap),
    PageDown: () => step(1),
    PageUp: () => step(-1),
    Enter: () => {
      const code = options.current()
      if (code) options.onSelect(code)
    },
  }
  return (event) => {
    const action = actions[event.key]
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    action()
  }
}
