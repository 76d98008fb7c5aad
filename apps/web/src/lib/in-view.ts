import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'

/** Returns whether an element has been in view yet, so that expensive queries can wait until somebody looks. */
export function createInView(): { seen: Accessor<boolean>; watch: (element: Element) => void } {
  const [seen, setSeen] = createSignal(false)
  const watch = (element: Element) =>
    onMount(() => {
      const observer = new IntersectionObserver((entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        observer.disconnect()
        setSeen(true)
      })
      observer.observe(element)
      onCleanup(() => observer.disconnect())
    })
  return { seen, watch }
}
