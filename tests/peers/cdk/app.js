// The resources of our vision stack that the CDK has constructs for: what `cdk synth` is timed with.
const { App, Duration, Stack } = require('aws-cdk-lib');
const athena = require('aws-cdk-lib/aws-athena');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');
const glue = require('aws-cdk-lib/aws-glue');
const iam = require('aws-cdk-lib/aws-iam');
const lambda = require('aws-cdk-lib/aws-lambda');
const sources = require('aws-cdk-lib/aws-lambda-event-sources');
const notifications = require('aws-cdk-lib/aws-s3-notifications');
const s3 = require('aws-cdk-lib/aws-s3');
const sqs = require('aws-cdk-lib/aws-sqs');

const stack = new Stack(new App(), 'vision');

const bucket = (id) =>
  new s3.Bucket(stack, id, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
  });
const [landing, raw, processed, results] = ['Landing', 'Raw', 'Processed', 'Results'].map(bucket);

const failures = new sqs.Queue(stack, 'Failures', { enforceSSL: true });
const review = new sqs.Queue(stack, 'Review', { enforceSSL: true });
const images = new sqs.Queue(stack, 'Images', {
  deadLetterQueue: { queue: failures, maxReceiveCount: 5 },
  enforceSSL: true,
  visibilityTimeout: Duration.minutes(6),
});
new cloudwatch.Alarm(stack, 'FailuresAlarm', {
  evaluationPeriods: 1,
  metric: failures.metricApproximateNumberOfMessagesVisible(),
  threshold: 1,
});

const artifacts = s3.Bucket.fromBucketName(stack, 'Artifacts', 'artifacts');
const func = (id, environment) =>
  new lambda.Function(stack, id, {
    code: lambda.Code.fromBucket(artifacts, `${id}.zip`),
    environment,
    handler: 'bootstrap',
    memorySize: 512,
    runtime: lambda.Runtime.PROVIDED_AL2023,
    timeout: Duration.minutes(1),
  });

const unzip = func('Unzip', { RAW: raw.bucketName });
landing.grantRead(unzip);
raw.grantPut(unzip);
failures.grantSendMessages(unzip);
landing.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(unzip), { suffix: '.zip' });

const extract = func('Extract', { PROCESSED: processed.bucketName });
raw.grantRead(extract);
processed.grantPut(extract);
failures.grantSendMessages(extract);
review.grantSendMessages(extract);
raw.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(images));
extract.addEventSource(new sources.SqsEventSource(images, { batchSize: 1, maxConcurrency: 2 }));
extract.addToRolePolicy(new iam.PolicyStatement({
  actions: ['bedrock:InvokeModel'],
  resources: ['arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0'],
}));

const compact = func('Compact', { PROCESSED: processed.bucketName });
processed.grantReadWrite(compact);

new glue.CfnDatabase(stack, 'Database', { catalogId: stack.account, databaseInput: { name: 'books' } });
new glue.CfnTable(stack, 'Books', {
  catalogId: stack.account,
  databaseName: 'books',
  tableInput: { name: 'books', storageDescriptor: { columns: [{ name: 'title', type: 'string' }] } },
});
new athena.CfnWorkGroup(stack, 'Workgroup', {
  name: 'books',
  workGroupConfiguration: { resultConfiguration: { outputLocation: results.s3UrlForObject() } },
});
new cloudwatch.Dashboard(stack, 'Dashboard');
