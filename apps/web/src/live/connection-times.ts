/** Times of the live connection, in milliseconds. */
export const connectionTimes = {
  /** a hidden page keeps its stream for this long: six streams block a browser's HTTP/1.1 connections to one host */
  hiddenFor: 10_000,
  reconnectingAfter: 4_000,
  offlineAfter: 20_000,
  firstRetry: 500,
  longestRetry: 10_000,
  /** between the reply to a query and the next query, while there is no stream */
  pollEvery: 3_000,
  pollTimeout: 10_000,
  /** a stream that has sent nothing for this long, while queries get replies, is held back */
  heldAfter: 5_000,
  /** the server sends something every 5 s: a stream that is silent for longer is broken or held back */
  quietAfter: 10_000,
  /** messages of a stream that are this far apart were not buffered and forwarded together */
  flowsAfter: 2_000,
  /** a stream that is held back is closed after this time, and reopened after at most the other one */
  trialFor: 60_000,
  longestTrialRetry: 30_000,
} as const
