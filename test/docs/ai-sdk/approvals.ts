// approvals.ts
import { useChat } from '@ai-sdk/react';
import { lastAssistantMessageIsCompleteWithApprovalResponses } from 'ai';

export const useApprovals = () =>
  useChat({ sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses });
