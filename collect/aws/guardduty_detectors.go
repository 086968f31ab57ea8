package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"
)

const (
	typeDetector           = "AWS::GuardDuty::Detector"
	opListDetectors        = "guardduty:ListDetectors"
	opGetDetector          = "guardduty:GetDetector"
	opGetFindingStatistics = "guardduty:GetFindingsStatistics"

	// highSeverity is where GuardDuty's level High begins; Critical is above it.
	highSeverity = 7
)

func (c *clients) guardduty(region string) *guardduty.Client {
	return client(c, "guardduty", region, func(cfg aws.Config) *guardduty.Client { return guardduty.NewFromConfig(cfg) })
}

// guarddutyDetectors reads the detector with its features, and counts the findings of
// severity High and above that nobody has archived: one request, however many there are.
// In an administrator's account the findings of members are left out.
var guarddutyDetectors = collector{
	Declaration: collect.Declaration{
		Name: "guardduty-detectors", Service: "guardduty", Scope: collect.Regional, Types: []string{typeDetector},
		Operations: []collect.Operation{
			{Name: opListDetectors, Actions: []string{opListDetectors}},
			{Name: opGetDetector, Actions: []string{opGetDetector}},
			{Name: opGetFindingStatistics, Actions: []string{opGetFindingStatistics}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.guardduty(t.Region)
		ids := list(ctx, t, opListDetectors, guardduty.NewListDetectorsPaginator(api, &guardduty.ListDetectorsInput{}),
			func(o *guardduty.ListDetectorsOutput) []string { return o.DetectorIds }, typeDetector)
		key := func(id string) (string, string) { return typeDetector, id }
		return each(ctx, t, ids, key, func(ctx context.Context, b *collect.Builder, id string) {
			b.ARN("arn:" + assize.Partition(t.Region) + ":guardduty:" + t.Region + ":" + t.Account + ":detector/" + id)
			describe(ctx, b, opGetDetector, api.GetDetector, &guardduty.GetDetectorInput{DetectorId: &id})
			describe(ctx, b, opGetFindingStatistics, api.GetFindingsStatistics, &guardduty.GetFindingsStatisticsInput{
				DetectorId: &id, GroupBy: types.GroupByTypeSeverity,
				FindingCriteria: &types.FindingCriteria{Criterion: map[string]types.Condition{
					"service.archived": {Equals: []string{"false"}},
					"severity":         {GreaterThanOrEqual: aws.Int64(highSeverity)},
					"accountId":        {Equals: []string{t.Account}},
				}},
			})
		})
	},
}
