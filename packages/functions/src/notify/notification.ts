import type { MessageAttributeValue, PublishCommandInput } from '@aws-sdk/client-sns';
import { formatS3Uri } from '@bclaw/spec/run-time';
import { stringify } from 'yaml';
import type { ExecutionStatus, JobEvent } from './job-event.js';

/** SNS: a subject has less than 100 characters, ASCII, without line breaks. */
const maxSubject = 99;

/** The end of the sentence, after the job's name. */
const verbs: Readonly<Record<ExecutionStatus, string>> = {
  RUNNING: 'has started',
  SUCCEEDED: 'has finished',
  FAILED: 'has failed',
  TIMED_OUT: 'has timed out',
  ABORTED: 'was stopped',
  PENDING_REDRIVE: 'is about to be redriven',
};

/**
 * The message for the topic about a job: a subject, two YAML documents (a sentence for people, `details` for programs),
 * and attributes for subscription filters.
 */
export function notificationOf(job: JobEvent): Pick<PublishCommandInput, 'Subject' | 'Message' | 'MessageAttributes'> {
  const { workflow, version, execution, status, jobFile } = job;
  const of = version === undefined ? workflow : `${workflow}, version ${version},`;
  const file = jobFile.key.slice(jobFile.key.lastIndexOf('/') + 1);
  const sentence = `Job ${execution} (${file}) of workflow ${of} ${verbs[status]}.`;
  return {
    Subject: subject(`${workflow}: job ${execution} ${verbs[status]}`),
    Message: `${stringify(sentence, { lineWidth: 0 })}---\n${stringify({ details: details(job) }, { lineWidth: 0 })}`,
    MessageAttributes: attributes({
      workflow_name: workflow,
      ...(version === undefined ? {} : { workflow_version: String(version) }),
      status,
      execution_id: execution,
      job_file_bucket: jobFile.bucket,
      job_file_key: jobFile.key,
      job_file_version: jobFile.version,
      // BayerCLAW's names, for filters older than bclaw. With these there are ten: SNS drops a message with more
      // attributes for a queue with raw delivery.
      state_machine_name: stateMachineName(job),
      launcher_bucket: jobFile.bucket,
      job_file: jobFile.key,
    }),
  };
}

function details(job: JobEvent): Readonly<Record<string, unknown>> {
  const { workflow, version, execution, executionArn, status, jobFile, repository, started, stopped, error, cause } =
    job;
  const uri = formatS3Uri({ bucket: jobFile.bucket, key: jobFile.key });
  const consoleLink = `https://console.aws.amazon.com/states/home?region=${job.region}#/v2/executions/details/${executionArn}`;
  const given = {
    workflow_name: workflow,
    workflow_version: version,
    execution_id: execution,
    execution_arn: executionArn,
    status,
    started,
    stopped,
    job_file: { uri, ...jobFile },
    repository,
    error,
    cause,
    console: consoleLink,
    // BayerCLAW's names, for programs older than bclaw.
    sfn_execution_id: execution,
    state_machine_name: stateMachineName(job),
    job_status: status,
    job_data: uri,
    job_data_version: jobFile.version,
    sfn_console_link: consoleLink,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** An execution's ARN is `arn:<partition>:states:<region>:<account>:execution:<state machine>:<name>`. */
const stateMachineName = ({ executionArn }: JobEvent): string => executionArn.split(':')[6] ?? '';

/** SNS rejects empty values; a subscription can test whether an attribute exists. */
function attributes(values: Readonly<Record<string, string>>): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

function subject(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?');
  return ascii.length <= maxSubject ? ascii : `${ascii.slice(0, maxSubject - 3)}...`;
}
