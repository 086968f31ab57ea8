package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	alarmtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	configtypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	guardtypes "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspectortypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

const proofRootPattern = `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`

// proofTrail makes a trail of all Regions that records reads of one bucket, delivers to a
// log group, and has no key, no validation and no insights.
func proofTrail(t *testing.T, l *live, good, other string) {
	t.Helper()
	ctx, cfg := t.Context(), l.AWSConfig(liveRegion, l.account)
	buckets := s3.NewFromConfig(cfg, moto.PathStyle)
	proofBucket(t, buckets, good)
	proofBucket(t, buckets, other)
	proved[*cloudwatchlogs.CreateLogGroupOutput](t)(cloudwatchlogs.NewFromConfig(cfg).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("trail")}))
	api := cloudtrail.NewFromConfig(cfg)
	proved[*cloudtrail.CreateTrailOutput](t)(api.CreateTrail(ctx, &cloudtrail.CreateTrailInput{
		Name: aws.String("all"), S3BucketName: &other, IsMultiRegionTrail: aws.Bool(true), IncludeGlobalServiceEvents: aws.Bool(true),
		CloudWatchLogsLogGroupArn: aws.String("arn:aws:logs:" + liveRegion + ":" + l.account + ":log-group:trail:*"),
		CloudWatchLogsRoleArn:     aws.String("arn:aws:iam::" + l.account + ":role/trail"),
	}))
	selector := func(fields ...trailtypes.AdvancedFieldSelector) trailtypes.AdvancedEventSelector {
		return trailtypes.AdvancedEventSelector{FieldSelectors: fields}
	}
	field := func(name, value string) trailtypes.AdvancedFieldSelector {
		return trailtypes.AdvancedFieldSelector{Field: &name, Equals: []string{value}}
	}
	proved[*cloudtrail.PutEventSelectorsOutput](t)(api.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{
		TrailName: aws.String("all"), AdvancedEventSelectors: []trailtypes.AdvancedEventSelector{
			selector(field("eventCategory", "Management")),
			selector(field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object"), field("readOnly", "true"),
				trailtypes.AdvancedFieldSelector{Field: aws.String("resources.ARN"), StartsWith: []string{"arn:aws:s3:::" + good + "/"}}),
		},
	}))
	proved[*cloudtrail.StartLoggingOutput](t)(api.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: aws.String("all")}))
}

// proofAlarms makes the filter and the alarm of the root user, an alarm of Bedrock and one
// of SageMaker that tells nobody.
func proofAlarms(t *testing.T, l *live) {
	t.Helper()
	ctx, cfg := t.Context(), l.AWSConfig(liveRegion, l.account)
	proved[*cloudwatchlogs.PutMetricFilterOutput](t)(cloudwatchlogs.NewFromConfig(cfg).PutMetricFilter(ctx, &cloudwatchlogs.PutMetricFilterInput{
		LogGroupName: aws.String("trail"), FilterName: aws.String("root"), FilterPattern: aws.String(proofRootPattern),
		MetricTransformations: []logtypes.MetricTransformation{{MetricName: aws.String("Root"), MetricNamespace: aws.String("Security"), MetricValue: aws.String("1")}},
	}))
	api := cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) })
	for name, a := range map[string]struct {
		namespace, metric string
		actions           []string
	}{
		"root":      {"Security", "Root", []string{"arn:aws:sns:eu-west-1:111122223333:oncall"}},
		"throttles": {"AWS/Bedrock", "InvocationThrottles", []string{"arn:aws:sns:eu-west-1:111122223333:oncall"}},
		"silent":    {"AWS/SageMaker", "Invocation5XXErrors", nil},
	} {
		proved[*cloudwatch.PutMetricAlarmOutput](t)(api.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: &name, Namespace: &a.namespace, MetricName: &a.metric, AlarmActions: a.actions, Statistic: alarmtypes.StatisticSum,
			Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: alarmtypes.ComparisonOperatorGreaterThanThreshold,
		}))
	}
}

// TestProofTrailAndAlarms holds the checks of trails, data events and alarms.
func TestProofTrailAndAlarms(t *testing.T) {
	l := startEmpty(t)
	good, other := "guards-data-"+l.account, "guards-trail-"+l.account
	proofTrail(t, l, good, other)
	proofAlarms(t, l)
	r, _ := assessJSON(t, proofArgs("cloudtrail-trails,s3-buckets,s3-account-public-access-block,cloudwatch-alarms,logs-metric-filters,logs-log-groups")...)
	wantVerdicts(t, r, verdicts{
		"cloudtrail_bedrock_api_logged":              {"": assize.Pass},
		"cloudtrail_multi_region_enabled":            {"": assize.Pass},
		"cloudtrail_encrypted_with_kms":              {"": assize.Fail},
		"cloudtrail_log_file_validation_enabled":     {"": assize.Fail},
		"cloudtrail_insights_enabled":                {"": assize.Fail},
		"cloudtrail_bucket_access_logging_enabled":   {"": assize.Fail},
		"cloudtrail_bucket_not_public":               {"": assize.Pass},
		"cloudtrail_integrated_with_cloudwatch_logs": {"": assize.Fail}, // moto never delivers
		"cloudtrail_s3_data_events_read_enabled":     {good: assize.Pass, other: assize.Fail},
		"cloudtrail_s3_data_events_write_enabled":    {good: assize.Fail, other: assize.Fail},
		"cloudwatch_alarm_root_usage":                {"": assize.Pass},
		"cloudwatch_alarm_kms_key_deletion":          {"": assize.Fail},
		"cloudwatch_alarm_actions_configured":        {"": assize.Fail},
		"bedrock_cloudwatch_alarms_configured":       {"": assize.Manual},
		"cloudwatch_log_group_encrypted_with_kms":    {"trail": assize.Fail},
		"cloudwatch_log_group_retention_365_days":    {"trail": assize.Pass},
	})
	if len(r.Summary.Gaps) > 0 {
		t.Errorf("gaps: %v", r.Summary.Gaps)
	}
}

// proofDetectors switches on Config, Security Hub, GuardDuty, Inspector and Macie, each with
// something left out, and makes rules of Config and EventBridge.
func proofDetectors(t *testing.T, l *live) {
	t.Helper()
	ctx, cfg := t.Context(), l.AWSConfig(liveRegion, l.account)
	recorders := configservice.NewFromConfig(cfg)
	proved[*configservice.PutConfigurationRecorderOutput](t)(recorders.PutConfigurationRecorder(ctx, &configservice.PutConfigurationRecorderInput{
		ConfigurationRecorder: &configtypes.ConfigurationRecorder{
			Name: aws.String("default"), RoleARN: aws.String("arn:aws:iam::111122223333:role/config"),
			RecordingGroup: &configtypes.RecordingGroup{AllSupported: true, IncludeGlobalResourceTypes: true},
		},
	}))
	proved[*securityhub.EnableSecurityHubOutput](t)(securityhub.NewFromConfig(cfg).EnableSecurityHub(ctx, &securityhub.EnableSecurityHubInput{}))
	proved[*guardduty.CreateDetectorOutput](t)(guardduty.NewFromConfig(cfg).CreateDetector(ctx, &guardduty.CreateDetectorInput{
		Enable: aws.Bool(true), Features: []guardtypes.DetectorFeatureConfiguration{{Name: guardtypes.DetectorFeatureS3DataEvents, Status: guardtypes.FeatureStatusEnabled}},
	}))
	proved[*inspector2.EnableOutput](t)(inspector2.NewFromConfig(cfg).Enable(ctx, &inspector2.EnableInput{
		AccountIds:    []string{l.account},
		ResourceTypes: []inspectortypes.ResourceScanType{inspectortypes.ResourceScanTypeEcr},
	}))
	proved[*macie2.EnableMacieOutput](t)(macie2.NewFromConfig(cfg).EnableMacie(ctx, &macie2.EnableMacieInput{}))
	rules := eventbridge.NewFromConfig(cfg)
	proved[*eventbridge.PutRuleOutput](t)(rules.PutRule(ctx, &eventbridge.PutRuleInput{
		Name: aws.String("findings"), EventPattern: aws.String(`{"source": ["aws.guardduty"]}`), State: eventtypes.RuleStateEnabled,
	}))
}

// TestProofDetectors holds the checks of the services that guard an account.
func TestProofDetectors(t *testing.T) {
	l := startEmpty(t)
	proofDetectors(t, l)
	buckets := s3.NewFromConfig(l.AWSConfig(liveRegion, l.account), moto.PathStyle)
	proofBucket(t, buckets, "documents-clean")
	proofBucket(t, buckets, "documents-personal")
	now := time.Now().Unix()
	l.Answer("backup", "ListBackupVaults", fakeaws.Match{}, 200, fmt.Sprintf(`{"BackupVaultList": [{"BackupVaultName": "Default",
		"BackupVaultArn": "arn:aws:backup:eu-west-1:%s:backup-vault:Default", "NumberOfRecoveryPoints": 2}]}`, l.account))
	l.Answer("backup", "ListRestoreJobs", fakeaws.Match{}, 200, fmt.Sprintf(`{"RestoreJobs": [{"RestoreJobId": "1", "Status": "COMPLETED", "CompletionDate": %d}]}`, now))

	r, _ := assessJSON(t, proofArgs("config-recorders,securityhub-hubs,guardduty-detectors,inspector2-status,macie2-session,s3-buckets,events-rules,"+
		"backup-plans,backup-vaults,backup-restores,backup-protected-resources,config-rules")...)
	point := "arn:aws:backup:eu-west-1:" + l.account + ":recovery-point:"
	wantVerdicts(t, r, verdicts{
		"config_recorder_enabled":                  {"": assize.Fail}, // it was not started
		"securityhub_enabled":                      {"": assize.Pass},
		"securityhub_ai_security_standard_enabled": {"": assize.Pass},
		"guardduty_enabled":                        {"": assize.Pass},
		"macie_enabled":                            {"": assize.Pass},
		"macie_automated_discovery_enabled":        {"": assize.Pass},
		"s3_bucket_no_sensitive_data_findings":     {"documents-clean": assize.Pass, "documents-personal": assize.Fail},
		"inspector_ecr_scanning_enabled":           {"": assize.Pass},
		"inspector_lambda_code_scanning_enabled":   {"": assize.Fail},
		"events_rule_for_findings_reaches_target":  {"": assize.Fail},
		"backup_plan_exists":                       {"": assize.Manual},
		"backup_restore_tested":                    {"": assize.Pass},
		"backup_recovery_point_encrypted":          {point + "encrypted": assize.Pass, point + "plain": assize.Fail},
		"config_rules_cover_ai_resources":          {"": assize.Manual},
	})
	if len(r.Summary.Gaps) > 0 {
		t.Errorf("gaps: %v", r.Summary.Gaps)
	}
}
