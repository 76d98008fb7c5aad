/**
 * A fault of a simulated daemon. `hang`: it answers nothing until the fault ends; `hang_mid_reply`: it stops half way through
 * a reply; `cut`: it closes half way through; `slow`: every reply takes that many milliseconds; `garbage`: it does not speak
 * the protocol; `error_text`: the bare text `ERROR: …`; `shutdown`: it is about to end.
 */
export type SimulatorFault =
  | { readonly kind: 'hang' | 'hang_mid_reply' | 'cut' | 'garbage' | 'error_text' | 'shutdown' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
