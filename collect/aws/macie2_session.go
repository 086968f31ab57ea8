package aws

import (
	"context"
	"errors"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	"github.com/aws/aws-sdk-go-v2/service/macie2/types"
)

const (
	typeMacieSession        = "AWS::Macie::Session"
	typeMacieBucket         = "AWS::Macie::Bucket"
	opGetMacieSession       = "macie2:GetMacieSession"
	opGetAutomatedDiscovery = "macie2:GetAutomatedDiscoveryConfiguration"
	opDescribeMacieBuckets  = "macie2:DescribeBuckets"
	opGetMacieStatistics    = "macie2:GetFindingStatistics"

	macieBucketPage = 50
	macieGroups     = 250
)

func (c *clients) macie2(region string) *macie2.Client {
	return client(c, "macie2", region, func(cfg aws.Config) *macie2.Client { return macie2.NewFromConfig(cfg) })
}

// macieSession reads Macie's setting in the account and Region, what it knows of each
// bucket of the account, and how many findings of sensitive data there are in which
// bucket: one request for all buckets.
var macieSession = collector{
	Declaration: collect.Declaration{
		Name: "macie2-session", Service: "macie2", Scope: collect.Regional, Types: []string{typeMacieSession, typeMacieBucket},
		Operations: []collect.Operation{
			{Name: opGetMacieSession, Actions: []string{opGetMacieSession}},
			{Name: opGetAutomatedDiscovery, Actions: []string{opGetAutomatedDiscovery}},
			{Name: opDescribeMacieBuckets, Actions: []string{opDescribeMacieBuckets}},
			{Name: opGetMacieStatistics, Actions: []string{opGetMacieStatistics}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.macie2(t.Region)
		session, err := call(ctx, t, opGetMacieSession, api.GetMacieSession, &macie2.GetMacieSessionInput{})
		switch {
		case macieIsOff(err):
			t.Complete(typeMacieSession, typeMacieBucket)
			return nil
		case err != nil:
			t.Gap(opGetMacieSession, err, typeMacieSession, typeMacieBucket)
			return nil
		}
		t.Complete(typeMacieSession)
		if b := t.New(typeMacieSession, "session"); b != nil {
			b.Answer(opGetMacieSession, session)
			describe(ctx, b, opGetAutomatedDiscovery, api.GetAutomatedDiscoveryConfiguration, &macie2.GetAutomatedDiscoveryConfigurationInput{})
			t.Emit(b)
		}
		return eachMacieBucket(ctx, t, api)
	},
}

// macieIsOff recognizes how Macie says that it is switched off: with the code of a
// denial. Only its words tell the two apart; words that change leave a denial.
func macieIsOff(err error) bool {
	f, ok := errors.AsType[*collect.Failure](err)
	return ok && f.Code == "AccessDeniedException" && strings.Contains(strings.ToLower(f.Detail), "macie is not enabled")
}

func eachMacieBucket(ctx context.Context, t *collect.Task, api *macie2.Client) error {
	in := &macie2.DescribeBucketsInput{
		Criteria:   map[string]types.BucketCriteriaAdditionalProperties{"accountId": {Eq: []string{t.Account}}},
		MaxResults: aws.Int32(macieBucketPage),
	}
	buckets := list(ctx, t, opDescribeMacieBuckets, macie2.NewDescribeBucketsPaginator(api, in),
		func(o *macie2.DescribeBucketsOutput) []types.BucketMetadata { return o.Buckets }, typeMacieBucket)
	if len(buckets) == 0 {
		return nil
	}
	counts, err := macieFindings(ctx, t, api)
	key := func(m types.BucketMetadata) (string, string) { return typeMacieBucket, aws.ToString(m.BucketName) }
	return each(ctx, t, buckets, key, func(_ context.Context, b *collect.Builder, m types.BucketMetadata) {
		b.Answer(opDescribeMacieBuckets, m)
		count, found := counts[b.ID()]
		switch {
		case err != nil:
			b.Fail(opGetMacieStatistics, err)
		case !found && len(counts) >= macieGroups:
			b.Fail(opGetMacieStatistics, collect.Wrong("more than %d buckets have findings, and the answer ends before this one", macieGroups))
		default:
			b.Answer(opGetMacieStatistics, map[string]int64{"Count": count})
		}
	})
}

// macieFindings counts the sensitive data findings that nobody has archived, by bucket.
func macieFindings(ctx context.Context, t *collect.Task, api *macie2.Client) (map[string]int64, error) {
	out, err := call(ctx, t, opGetMacieStatistics, api.GetFindingStatistics, &macie2.GetFindingStatisticsInput{
		GroupBy: types.GroupByResourcesAffectedS3BucketName, Size: aws.Int32(macieGroups),
		FindingCriteria: &types.FindingCriteria{Criterion: map[string]types.CriterionAdditionalProperties{
			"category": {Eq: []string{"CLASSIFICATION"}},
			"archived": {Eq: []string{"false"}},
		}},
	})
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, g := range out.CountsByGroup {
		counts[aws.ToString(g.GroupKey)] = aws.ToInt64(g.Count)
	}
	return counts, nil
}
