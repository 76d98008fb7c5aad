import { basename, relative } from 'node:path'
import type { HealthProblem } from '@bangui/shared'
import { fillTags } from '../firewall/locations.ts'
import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { ConfigRemark, ConfigSeen, LayeredOption, Place } from '../seen/config-seen.ts'

const MANY_SECTIONS = 50
const MANY_OPTIONS = 100
const SAME_SHARE = 0.8
const SHOWN = 10

/** What is in the files and does not do what it seems to. */
export const configChecks = {
  'unknown-key': defineCheck({ needs: ['config'] }, ({ seen: { config } }) => ({
    problems: config.hints
      .filter((hint) => !isAboutSection(hint))
      .map((hint) =>
        problemOf({
          severity: 'warning',
          jail: hint.jail,
          subject: placeOf(hint),
          title: `A name is probably misspelt in ${placeOf(hint)}`,
          detail: hint.message,
          remedy: 'Correct the name.',
        }),
      ),
  })),

  'wrong-file': defineCheck({ needs: ['config', 'unreadFiles'] }, ({ seen: { config, unreadFiles } }) => ({
    problems: [
      ...config.hints.filter(isAboutSection).map((hint) =>
        problemOf({
          severity: 'warning',
          subject: placeOf(hint),
          title: `fail2ban does not use a section in ${placeOf(hint)}`,
          detail: hint.message,
          remedy: 'Correct the name of the section.',
        }),
      ),
      ...unreadFiles.map(({ file, why }) =>
        problemOf({
          severity: 'hint',
          subject: file,
          title: `fail2ban does not read ${file}`,
          detail: why,
          remedy: 'Rename the file so that its name ends in .local, or move it out of the folder.',
        }),
      ),
    ],
  })),

  'later-wins': defineCheck({ needs: ['config'] }, ({ seen: { config } }) => ({
    problems: [
      ...hiddenIgnores(config),
      ...config.layered.flatMap((option) => {
        const [loser, winner] = conflictOf(option, config.configDir) ?? []
        if (!loser || !winner) return []
        return [
          problemOf({
            severity: 'hint',
            jail: option.section,
            subject: option.key,
            title: `${option.section}: ${option.key} is set in two files, and ${shortName(winner, config.configDir)} wins`,
            detail: `fail2ban reads ${shortName(winner, config.configDir)} after ${shortName(loser, config.configDir)}: the value in the first file has no effect.`,
            evidence: [loser, winner].map((place) => `${placeOf(place)}: ${option.key} = ${place.raw}`),
            remedy: 'Keep the option in only one of the files.',
          }),
        ]
      }),
    ],
  })),

  duplicate: defineCheck({ needs: ['config'] }, ({ seen: { config } }) => ({
    problems: config.duplicates.map((remark) =>
      problemOf({
        severity: 'critical',
        subject: placeOf(remark),
        title: `fail2ban refuses the configuration because of a repetition in ${placeOf(remark)}`,
        detail: `${remark.message} fail2ban cannot start or reload with this file.`,
        remedy: 'Remove one of the two.',
      }),
    ),
  })),

  'enabled-in-default': defineCheck({ needs: ['config'] }, ({ seen: { config } }) => {
    const place = config.enabledInDefault
    if (place === null) return {}
    return {
      problems: [
        problemOf({
          severity: 'warning',
          title: '[DEFAULT] enables every jail',
          detail: `fail2ban refuses to start if one of its ${config.jails.length} jails has no log. On most machines, many of the services of the stock jails are not installed.`,
          evidence: [`${placeOf(place)}: enabled = true`],
          remedy: 'Remove enabled from [DEFAULT], and enable only the jails that you need.',
          fix: [{ kind: 'set', scope: 'default', key: 'enabled', value: 'false' }],
        }),
      ],
    }
  }),

  'frozen-copy': defineCheck({ needs: ['config'] }, ({ seen: { config } }) => {
    const { sections, options, same } = config.copied
    if (sections < MANY_SECTIONS && !(options >= MANY_OPTIONS && same >= options * SAME_SHARE)) return {}
    return {
      problems: [
        problemOf({
          severity: 'hint',
          title: 'jail.local is a copy of jail.conf',
          detail: `It has ${sections} sections, and ${same} of its ${options} options are the same as in jail.conf. Improvements of jail.conf in newer versions have no effect.`,
          remedy: 'Keep only the options that you changed in jail.local.',
        }),
      ],
    }
  }),

  'security-fixes': defineCheck({ needs: ['actions'] }, ({ seen: { actions } }) => ({
    problems: actions.flatMap(({ jail, actions: own }) =>
      own.flatMap((action) => {
        const ban = fillTags(action.properties.get('actionban') ?? '', action, 4)
        // mailutils runs lines of a mail that begin with ~ as commands (CVE-2021-32749); its fix switches that off
        const isOpen = /(?:^|[|;\s])mail\s/.test(ban) && !ban.includes('set escape')
        if (!isOpen || !action.name.startsWith('mail')) return []
        return [
          problemOf({
            severity: 'warning',
            jail,
            subject: action.name,
            title: `${jail}: the action ${action.name} lacks the fix for CVE-2021-32749`,
            detail:
              'If the program “mail” is the one from mailutils, text that somebody else controls, such as the answer of a whois server, can run commands as root.',
            remedy:
              "Upgrade fail2ban, use an action whose name begins with sendmail-, or add -E 'set escape' to the mail command.",
          }),
        ]
      }),
    ),
  })),
} satisfies HealthChecks

const isAboutSection = ({ message }: ConfigRemark): boolean =>
  message.startsWith('fail2ban does not use the section')

const placeOf = ({ file, line }: Place): string => (line === null ? (file ?? '') : `${file}, line ${line}`)

const shortName = ({ file }: Place, configDir: string): string => (file ?? '').replace(`${configDir}/`, '')

type OptionPlace = LayeredOption['places'][number]

/** Returns two places in different files of this machine that set different values, the winner last; undefined: there are none. */
/** What was added to the ignore list of a `.conf` file since BanGUI copied it. */
function hiddenIgnores({ copiedIgnores: copy, configDir }: ConfigSeen): HealthProblem[] {
  if (copy === null || copy.missing.length === 0) return []
  const [from, into] = [copy.from, copy.into].map((file) => relative(configDir, file))
  return [
    problemOf({
      severity: 'warning',
      subject: 'ignoreip',
      title: `Addresses on the ignore list in ${from} are not ignored`,
      detail: `${into} has a copy of this list, with the entries of the allow list, and fail2ban reads the copy last: later changes in ${from} have no effect.`,
      evidence: copy.missing.slice(0, SHOWN).map((entry) => `${from}: ${entry}`),
      remedy: 'Add the addresses to the allow list, or remove them from the file.',
    }),
  ]
}

function conflictOf(
  { places }: LayeredOption,
  configDir: string,
): readonly [OptionPlace, OptionPlace] | undefined {
  const local = places.filter(({ file }) => file !== null && isLocal(file, configDir))
  const winner = places.at(-1)
  const loser = local.findLast((place) => place.file !== winner?.file && place.raw !== winner?.raw)
  return winner && loser && local.includes(winner) ? [loser, winner] : undefined
}

/** What fail2ban and Debian ship is there to be overridden, and BanGUI's own file is there to override. */
const isLocal = (file: string, configDir: string): boolean =>
  (file.endsWith('.local') || file.startsWith(`${configDir}/jail.d/`)) &&
  !/^(?:defaults-.*\.conf|zz-bangui\.local|.*bangui.*)$/.test(basename(file))
