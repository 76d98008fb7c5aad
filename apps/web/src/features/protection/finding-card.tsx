import { type ListedFinding, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { ToneCard } from '../../ui/tone-card.tsx'
import { FindingAction } from './finding-action.tsx'
import styles from './finding-card.module.css'
import { severities } from './severity-words.ts'

export type FindingCardProps = {
  finding: ListedFinding
  /** undefined: the user may not change the configuration */
  onFix: (() => void) | undefined
  /** undefined: the user may not accept it */
  onAccept: (() => void) | undefined
}

/** One finding: what is wrong and why it matters, what was seen, what to do, and a button where BanGUI can do it. */
export function FindingCard(props: FindingCardProps): JSX.Element {
  const severity = () => severities[props.finding.severity]
  return (
    <ToneCard tone={severity().tone} label={showHidden(props.finding.title)}>
      <header class={styles['header']}>
        <Badge tone={severity().tone} tooltip={severity().meaning}>
          {severity().word}
        </Badge>
        <h3 class={styles['title']}>{showHidden(props.finding.title)}</h3>
        <p class={styles['meta']}>
          <Show when={props.finding.jail}>
            {(jail) => (
              <>
                <Link href={`/jails/${encodeURIComponent(jail())}`} quiet>
                  {showHidden(jail())}
                </Link>
                {' · '}
              </>
            )}
          </Show>
          since <RelativeTime time={props.finding.since} />
        </p>
      </header>
      <p class={styles['detail']}>{showHidden(props.finding.detail)}</p>
      <div class={styles['remedy']}>
        <h4 class={styles['label']}>What to do</h4>
        <p class={styles['text']}>{showHidden(props.finding.remedy)}</p>
      </div>
      <Evidence finding={props.finding} />
      <div class={styles['actions']}>
        <FindingAction finding={props.finding} />
        <Show when={props.finding.fix !== null && props.onFix}>
          <Button size="sm" onClick={() => props.onFix?.()}>
            Change the configuration…
          </Button>
        </Show>
        <Show when={props.onAccept}>
          <Button size="sm" onClick={() => props.onAccept?.()}>
            Accept…
          </Button>
        </Show>
      </div>
    </ToneCard>
  )
}

function Evidence(props: { finding: ListedFinding }): JSX.Element {
  return (
    <Show
      when={props.finding.evidence.length > 0}
      fallback={
        <Show when={props.finding.evidenceHidden}>
          <p class={styles['hidden']}>
            Administrators can see the log lines and command output behind this finding.
          </p>
        </Show>
      }
    >
      <Disclosure label="What was seen">
        <CodeBlock label="What was seen" code={props.finding.evidence.join('\n')} maxHeight={240} />
        <p class={styles['seen']}>
          Last seen <RelativeTime time={props.finding.lastSeen} />.
        </p>
      </Disclosure>
    </Show>
  )
}
