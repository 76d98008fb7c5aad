import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'

/** Whether an element has ever been in sight: what is dear to fetch can wait until somebody looks. */
export function createSeen(): { seen: Accessor<boolean>; watch: (element: Element) => void } {
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
