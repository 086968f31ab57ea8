package collect

// DefaultRates are the budgets of the services, per account and Region; "" is for
// services that are not in the table. Quotas are published for few operations, and
// each holds for one operation while a budget is for all of a service. A rate that
// is too high costs attempts and not answers: see [Rate].
var DefaultRates = map[string]Rate{
	"":                          {Start: 5, Max: 40, Burst: 10, Source: "assumption: for services that are not in the table"},
	"accessanalyzer":            {Start: 5, Max: 20, Burst: 10, Source: "assumption: not published"},
	"account":                   {Start: 5, Max: 20, Burst: 10, Source: "assumption: not published"},
	"application-autoscaling":   {Start: 5, Max: 20, Burst: 10, Source: "assumption: no figure is published for describing scalable targets"},
	"backup":                    {Start: 5, Max: 20, Burst: 10, Source: "assumption: no figure is published for lists"},
	"bedrock":                   {Start: 10, Max: 60, Burst: 20, Source: "assumption: no figure is published for reading settings"},
	"bedrock-agent":             {Start: 10, Max: 60, Burst: 20, Source: "Amazon Bedrock quotas: lists and gets of agents and knowledge bases, 10 to 20 a second each"},
	"bedrock-agentcore-control": {Start: 5, Max: 30, Burst: 10, Source: "Amazon Bedrock AgentCore quotas: lists 5, gets 10 a second each"},
	"cloudtrail":                {Start: 5, Max: 10, Burst: 10, Source: "AWS CloudTrail quotas: get, describe and list operations, 10 a second"},
	"cloudwatch":                {Start: 5, Max: 9, Burst: 9, Source: "Amazon CloudWatch quotas: DescribeAlarms, 9 a second"},
	"cognito-identity":          {Start: 5, Max: 20, Burst: 10, Source: "assumption: no figure is published for reading pools"},
	"cognito-idp":               {Start: 5, Max: 15, Burst: 10, Source: "Amazon Cognito quotas: category UserPoolRead, 15 a second"},
	"config":                    {Start: 5, Max: 20, Burst: 10, Source: "assumption: no figure is published for describe operations"},
	"ec2":                       {Start: 10, Max: 40, Burst: 50, Source: "Amazon EC2 request throttling: describe operations, bucket of 50 to 100, refilled with 10 to 20 a second"},
	"ecr":                       {Start: 5, Max: 40, Burst: 10, Source: "assumption: no figure is published for reading settings of repositories"},
	"events":                    {Start: 10, Max: 50, Burst: 20, Source: "assumption: no figure is published for lists of rules and targets"},
	"guardduty":                 {Start: 5, Max: 25, Burst: 10, Source: "assumption: no figure is published for lists and gets"},
	"iam":                       {Start: 15, Max: 60, Burst: 60, Source: "assumption: not published; all users of an account share it"},
	"inspector2":                {Start: 2, Max: 10, Burst: 5, Source: "assumption: no figure is published for the status of accounts"},
	"kms":                       {Start: 60, Max: 300, Burst: 100, Source: "AWS KMS request quotas: 100 a second and more for each read"},
	"lambda":                    {Start: 10, Max: 30, Burst: 15, Source: "AWS Lambda quotas: control plane requests, 15 a second together, GetPolicy 15 beside them"},
	"logs":                      {Start: 5, Max: 20, Burst: 10, Source: "Amazon CloudWatch Logs quotas: DescribeLogGroups, 10 a second"},
	"macie2":                    {Start: 1, Max: 20, Burst: 5, Source: "assumption: quotas are set by operation, most of them a few a second"},
	"organizations":             {Start: 2, Max: 10, Burst: 5, Source: "assumption: all accounts of an organization share it"},
	"s3":                        {Start: 1200, Max: 2500, Burst: 500, Source: "assumption: not published for bucket settings; S3 is built for thousands a second"},
	"s3control":                 {Start: 10, Max: 100, Burst: 20, Source: "assumption: not published for settings of accounts and access points"},
	"sagemaker":                 {Start: 10, Max: 80, Burst: 20, Source: "assumption: no figure is published for describe operations"},
	"secretsmanager":            {Start: 20, Max: 50, Burst: 20, Source: "AWS Secrets Manager quotas: operations on resource policies, 50 a second; ListSecrets 100"},
	"securityhub":               {Start: 1, Max: 10, Burst: 3, Source: "AWS Security Hub quotas: 10 requests a second, GetEnabledStandards 1"},
	"stepfunctions":             {Start: 10, Max: 20, Burst: 50, Source: "AWS Step Functions quotas: DescribeStateMachine, bucket of 200, refilled with 20 a second"},
	"sts":                       {Start: 20, Max: 100, Burst: 20, Source: "IAM and AWS STS quotas: 600 requests a second"},
	"wafv2":                     {Start: 5, Max: 10, Burst: 20, Source: "AWS WAF quotas: each get 5 a second, each list 1; a web ACL asks several"},
	"xray":                      {Start: 5, Max: 20, Burst: 5, Source: "assumption: no figure is published for reading settings"},
}
