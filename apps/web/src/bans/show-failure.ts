import { describeError } from '../api/errors.ts'
import { toast } from '../ui/toast.tsx'

/** Shows a toast that says what failed and why, and offers to try again. */
export function showFailure(title: string, error: unknown, retry: () => void): void {
  toast({
    tone: 'danger',
    title,
    text: describeError(error).message,
    duration: 15_000,
    action: { label: 'Try again', onSelect: retry },
  })
}
