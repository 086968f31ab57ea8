package aws

import (
	"net/http"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"
)

func TestLogGroups(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	api := cloudwatchlogs.NewFromConfig(b.config(t, coreRegion))
	key := "arn:aws:kms:us-east-1:" + b.account + ":key/1"
	for _, in := range []*cloudwatchlogs.CreateLogGroupInput{
		{LogGroupName: aws.String("/kept"), KmsKeyId: &key}, {LogGroupName: aws.String("/bare")},
	} {
		_, err := api.CreateLogGroup(t.Context(), in)
		noError(t, err)
	}
	_, err := api.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
		LogGroupName: aws.String("/kept"), RetentionInDays: aws.Int32(400),
	})
	noError(t, err)
	b.ResetCounts()
	run := b.run(t, []*collector{&logsLogGroups})
	run.complete(t, coreRegion, typeLogGroup)
	arn := "arn:aws:logs:us-east-1:" + b.account + ":log-group:"
	want := map[string]map[string]any{
		"/kept": {"Arn": arn + "/kept", "RetentionInDays": int64(400), "KmsKeyId": key, "DataProtectionPolicy": nil},
		"/bare": {"Arn": arn + "/bare", "RetentionInDays": nil, "KmsKeyId": nil, "DataProtectionPolicy": nil},
	}
	for id, facts := range want {
		got := at(run.properties(t, coreRegion, typeLogGroup, id), "Arn", "RetentionInDays", "KmsKeyId", "DataProtectionPolicy")
		if diff := cmp.Diff(facts, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	if n := b.Count("logs", "GetDataProtectionPolicy"); n != 0 {
		t.Errorf("%d calls of GetDataProtectionPolicy for groups that have none", n)
	}
}

// The policy is read where the list says that it is in force.
func TestLogGroupDataProtection(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	group := func(name, status string) map[string]any {
		return map[string]any{
			"logGroupName": name, "logGroupArn": "arn:aws:logs:us-east-1:1:log-group:" + name,
			"dataProtectionStatus": status, "inheritedProperties": []string{"ACCOUNT_DATA_PROTECTION"},
		}
	}
	b.Answer("logs", "DescribeLogGroups", fakeaws.Match{}, http.StatusOK, map[string]any{"logGroups": []any{
		group("/masked", "ACTIVATED"), group("/refused", "ACTIVATED"), group("/former", "DELETED"),
	}})
	policy := func(name string) fakeaws.Match {
		return fakeaws.Match{Params: map[string]string{"logGroupIdentifier": "arn:aws:logs:us-east-1:1:log-group:" + name}}
	}
	b.Answer("logs", "GetDataProtectionPolicy", policy("/masked"), http.StatusOK, map[string]any{"policyDocument": "{}"})
	b.AnswerError("logs", "GetDataProtectionPolicy", policy("/refused"), http.StatusBadRequest, "AccessDeniedException", "no")
	run := b.run(t, []*collector{&logsLogGroups})
	want := map[string]any{"/masked": "{}", "/refused": assize.Denied, "/former": nil}
	got := map[string]any{}
	for id := range want {
		o := run.properties(t, coreRegion, typeLogGroup, id)
		got[id] = at(o, "DataProtectionPolicy")["DataProtectionPolicy"]
		if diff := cmp.Diff(assize.Value(assize.List{"ACCOUNT_DATA_PROTECTION"}), o.At("InheritedProperties")); diff != "" {
			t.Errorf("%s: inherited (-want +got):\n%s", id, diff)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
}

func TestLogsAccountPolicies(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	page := func(name, token string) map[string]any {
		return map[string]any{"nextToken": token, "accountPolicies": []any{map[string]any{
			"policyName": name, "policyType": "DATA_PROTECTION_POLICY", "policyDocument": "{}", "scope": "ALL",
		}}}
	}
	b.Answer("logs", "DescribeAccountPolicies", fakeaws.Match{Region: coreRegion}, http.StatusOK, page("one", "more"))
	b.Answer("logs", "DescribeAccountPolicies", fakeaws.Match{Region: coreRegion, Params: map[string]string{"nextToken": "more"}},
		http.StatusOK, page("two", ""))
	b.Answer("logs", "DescribeAccountPolicies", fakeaws.Match{Region: "eu-west-1"}, http.StatusOK, map[string]any{"accountPolicies": []any{}})
	run := b.run(t, []*collector{&logsAccountPolicies}, coreRegion, "eu-west-1")
	run.complete(t, coreRegion, typeLogsAccountPolicy)
	run.complete(t, "eu-west-1", typeLogsAccountPolicy)
	for _, name := range []string{"one", "two"} {
		got := at(run.properties(t, coreRegion, typeLogsAccountPolicy, name), "PolicyName", "PolicyDocument", "Scope")
		want := map[string]any{"PolicyName": name, "PolicyDocument": "{}", "Scope": "ALL"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("policy %s (-want +got):\n%s", name, diff)
		}
	}
	if len(run.records) != 2 {
		t.Errorf("records %v, want two", run.ids())
	}
}
