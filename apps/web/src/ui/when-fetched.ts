import { toast } from './toast.tsx'

/** Goes on once a part of the page is there; says so where it cannot be fetched, instead of breaking what is on screen. */
export async function whenFetched(load: () => Promise<unknown>, goOn: () => void): Promise<void> {
  try {
    await load()
  } catch {
    toast({
      tone: 'danger',
      title: 'This part of the page could not be fetched',
      text: 'BanGUI does not answer. Try again in a moment, or reload the page.',
    })
    return
  }
  goOn()
}
