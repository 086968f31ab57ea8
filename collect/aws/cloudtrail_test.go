package aws

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"
)

// seedTrail makes a trail in a Region and returns its ARN.
func seedTrail(t *testing.T, b *coreBench, name, region string, multi bool) string {
	t.Helper()
	bucket := "trail-" + b.account
	if region == coreRegion {
		seedBareBucket(t, b, bucket, coreRegion)
	}
	api := cloudtrail.NewFromConfig(b.config(t, region))
	out, err := api.CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{
		Name: &name, S3BucketName: &bucket, IsMultiRegionTrail: &multi, IncludeGlobalServiceEvents: &multi,
		EnableLogFileValidation: &multi,
	})
	noError(t, err)
	if multi {
		_, err = api.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: &name})
		noError(t, err)
	}
	return *out.TrailARN
}

func TestTrails(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	all := seedTrail(t, b, "all", coreRegion, true)
	local := seedTrail(t, b, "local", "eu-west-1", false)
	_, err := cloudtrail.NewFromConfig(b.config(t, "eu-west-1")).PutEventSelectors(t.Context(), &cloudtrail.PutEventSelectorsInput{
		TrailName: aws.String("local"),
		AdvancedEventSelectors: []types.AdvancedEventSelector{{
			Name: aws.String("data"), FieldSelectors: []types.AdvancedFieldSelector{
				{Field: aws.String("eventCategory"), Equals: []string{"Data"}},
				{Field: aws.String("resources.type"), Equals: []string{"AWS::Bedrock::AgentAlias"}},
			},
		}},
	})
	noError(t, err)
	b.ResetCounts()
	run := b.run(t, []*collector{&cloudtrailTrails}, coreRegion, "eu-west-1", "eu-west-2")

	paths := []string{"TrailName", "HomeRegion", "IsMultiRegionTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation", "IsLogging", "S3BucketName"}
	want := map[string]any{
		"TrailName": "all", "HomeRegion": coreRegion, "IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": true,
		"EnableLogFileValidation": true, "IsLogging": true, "S3BucketName": "trail-" + b.account,
	}
	for _, region := range []string{coreRegion, "eu-west-1", "eu-west-2"} {
		run.complete(t, region, typeTrail)
		got := run.properties(t, region, typeTrail, all)
		if diff := cmp.Diff(want, at(got, paths...)); diff != "" {
			t.Errorf("the trail of all Regions in %s (-want +got):\n%s", region, diff)
		}
	}
	got := at(run.properties(t, "eu-west-1", typeTrail, local), "IsLogging", "AdvancedEventSelectors", "EventSelectors")
	want = map[string]any{
		"IsLogging": false, "EventSelectors": assize.List{},
		"AdvancedEventSelectors": assize.List{assize.NewObject(map[string]assize.Value{
			"Name": "data", "FieldSelectors": assize.List{
				fieldSelector("eventCategory", "Data"), fieldSelector("resources.type", "AWS::Bedrock::AgentAlias"),
			},
		})},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the trail of one Region (-want +got):\n%s", diff)
	}
	if len(run.records) != 4 {
		t.Errorf("records %v, want three of one trail and one of the other", run.ids())
	}
	for _, op := range []string{"GetTrailStatus", "GetEventSelectors"} {
		if n := b.Count("cloudtrail", op); n != 2 {
			t.Errorf("%d calls of %s, want one a trail", n, op)
		}
	}
}

func fieldSelector(field, value string) assize.Object {
	return assize.NewObject(map[string]assize.Value{"Field": field, "Equals": assize.List{value}})
}

// A failure is not remembered: the next Region asks again.
func TestTrailStatusUnread(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	trail := seedTrail(t, b, "all", coreRegion, true)
	b.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "cloudtrail", Operation: "GetTrailStatus", Times: 1})
	run := b.run(t, []*collector{&cloudtrailTrails}, coreRegion, "eu-west-1")
	causes := map[any]int{}
	for _, region := range []string{coreRegion, "eu-west-1"} {
		causes[at(run.properties(t, region, typeTrail, trail), "IsLogging")["IsLogging"]]++
	}
	if diff := cmp.Diff(map[any]int{assize.Denied: 1, true: 1}, causes); diff != "" {
		t.Errorf("IsLogging (-want +got):\n%s", diff)
	}
}
