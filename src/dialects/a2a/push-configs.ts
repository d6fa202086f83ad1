import { A2aProblem } from './a2a-problem.ts';
import type { A2aFacts } from './a2a-objects.ts';

/** The methods of push notifications, by their names in each version. */
export const pushMethods: ReadonlySet<string> = new Set([
  'CreateTaskPushNotificationConfig',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'DeleteTaskPushNotificationConfig',
  'tasks/pushNotificationConfig/set',
  'tasks/pushNotificationConfig/get',
  'tasks/pushNotificationConfig/list',
  'tasks/pushNotificationConfig/delete',
]);

/** Whether this agent sends push notifications, as its card says. */
export const sendsPushNotifications = false;

/** Reads a request about push notifications. Throws an A2aProblem: none are sent. */
export function readPushRequest(): never {
  throw new A2aProblem(
    'PUSH_NOTIFICATION_NOT_SUPPORTED',
    'This agent sends no push notifications: subscribe to the task, or get it.',
  );
}

/** Checks that a message does not ask for push notifications. */
export function checkPushConfig(configuration: A2aFacts): void {
  const { taskPushNotificationConfig, pushNotificationConfig } = configuration;
  if ((taskPushNotificationConfig ?? pushNotificationConfig ?? undefined) !== undefined) readPushRequest();
}
