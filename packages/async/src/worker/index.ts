export type { CallContext, Handlers, Methods, MethodsOf } from './methods.ts'
export { serveWorker, type ServedWorker, type WorkerProtocol } from './serve-worker.ts'
export { createWorkerRpc, forward, type CallOptions, type RpcOptions, type WorkerRpc } from './worker-rpc.ts'
