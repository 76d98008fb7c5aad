import type { Problem } from '../../api/errors.ts'
import type { FormDialogProps } from '../../ui/form-dialog.tsx'

/** Returns why a rule or a channel was not saved, as its dialog shows it. */
export const refusalOf = (
  what: 'rule' | 'channel',
  problem: Problem | undefined,
): FormDialogProps['refusal'] =>
  problem && {
    title: `The ${what} was not saved.`,
    why: `${problem.message} What you entered is still in the form.`,
  }
