import { createSignal, type JSX, splitProps } from 'solid-js'
import { Button, type ButtonProps } from './button.tsx'

export type AsyncButtonProps = Omit<ButtonProps, 'onClick' | 'loading'> & {
  /** what it does; until that is done, another click does nothing */
  onPress: () => Promise<unknown>
}

/** A button that does one thing at a time: busy until it is done. What goes wrong, `onPress` says itself. */
export function AsyncButton(props: AsyncButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['onPress'])
  const [busy, setBusy] = createSignal(false)
  const press = async () => {
    setBusy(true)
    try {
      await own.onPress()
    } finally {
      setBusy(false)
    }
  }
  return <Button {...rest} loading={busy()} onClick={() => void press()} />
}
