/** When the page connects, asks and gives up; all in milliseconds. */
export const connectionTimes = {
  /** a hidden page keeps its stream that long: six streams block a browser's HTTP/1.1 connections to one host */
  hiddenFor: 10_000,
  reconnectingAfter: 4_000,
  offlineAfter: 20_000,
  firstRetry: 500,
  longestRetry: 10_000,
  /** between the answer to a query and the next query, while no stream comes */
  pollEvery: 3_000,
  pollTimeout: 10_000,
  /** a stream that was asked for that long ago and says nothing, while queries are answered, is held back */
  heldAfter: 5_000,
  /** the server sends something every 5 s: a stream that is silent for longer is broken or held back */
  quietAfter: 10_000,
  /** signs of a stream that are that far apart were not collected and sent on together */
  flowsAfter: 2_000,
  /** a stream that is held back is given up after that, and tried again after at most that */
  trialFor: 60_000,
  longestTrialRetry: 30_000,
} as const
