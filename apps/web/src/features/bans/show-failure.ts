import { describeError } from '../../api/errors.ts'
import { toast } from '../../ui/toast.tsx'

/** Says what did not work and why, and offers to try it again. */
export function showFailure(title: string, error: unknown, retry: () => void): void {
  toast({
    tone: 'danger',
    title,
    text: describeError(error).message,
    duration: 15_000,
    action: { label: 'Try again', onSelect: retry },
  })
}
