import Minus from 'lucide-solid/icons/minus'
import Plus from 'lucide-solid/icons/plus'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import type { JSX } from 'solid-js'
import { IconButton } from '../ui/icon-button.tsx'
import { mapSize, type MapView, wholeMap, zoomView } from './map-view.ts'
import styles from './world-map.module.css'

export type MapControlsProps = { view: MapView; setView: (view: MapView) => void }

/** Buttons that zoom the map; they are below it, so that they cover nothing. */
export function MapControls(props: MapControlsProps): JSX.Element {
  const zoom = (factor: number) => props.setView(zoomView(props.view, { factor, size: mapSize }))
  return (
    <div class={styles['controls']}>
      <IconButton size="sm" label="Zoom in" icon={<Plus />} onClick={() => zoom(1.6)} />
      <IconButton size="sm" label="Zoom out" icon={<Minus />} onClick={() => zoom(1 / 1.6)} />
      <IconButton
        size="sm"
        label="Show the whole world"
        icon={<RotateCcw />}
        onClick={() => props.setView(wholeMap)}
      />
    </div>
  )
}
