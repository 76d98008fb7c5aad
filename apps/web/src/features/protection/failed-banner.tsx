import { type JSX, Show } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'

/** Why something failed, with what fail2ban printed, if anything. */
export type FailedProblem = { why: string; output: string | null }

/** Says that an action failed, and why. */
export function FailedBanner(props: { title: string; problem: FailedProblem }): JSX.Element {
  return (
    <Banner tone="danger" role="alert" title={props.title}>
      <p>{props.problem.why}</p>
      <Show when={props.problem.output}>
        {(output) => <CodeBlock label="Output of fail2ban" code={output()} />}
      </Show>
    </Banner>
  )
}
