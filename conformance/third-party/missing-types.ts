/** Types of resources that the emulator's CloudFormation does not know; stacks are deployed there without them. */
export const missingTypes = [
  'AWS::Batch::ComputeEnvironment',
  'AWS::Batch::JobDefinition',
  'AWS::Batch::JobQueue',
  'AWS::Batch::SchedulingPolicy',
  'AWS::CloudFormation::Macro',
  'AWS::StepFunctions::StateMachineVersion',
] as const;
