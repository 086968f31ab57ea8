package aws

import (
	"cmp"
	"context"
	"sync"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

const (
	typeTrail           = "AWS::CloudTrail::Trail"
	opDescribeTrails    = "cloudtrail:DescribeTrails"
	opGetTrailStatus    = "cloudtrail:GetTrailStatus"
	opGetEventSelectors = "cloudtrail:GetEventSelectors"
	opGetInsights       = "cloudtrail:GetInsightSelectors"
)

// cloudtrailTrails gives a trail in each Region that it covers: what a Region's
// subject sees is what records there. Status and selectors are the trail's own and
// are asked once, in its home Region.
var cloudtrailTrails = collector{
	Declaration: collect.Declaration{
		Name: "cloudtrail-trails", Service: "cloudtrail", Scope: collect.Regional, Types: []string{typeTrail},
		Operations: []collect.Operation{
			{Name: opDescribeTrails, Actions: []string{opDescribeTrails}},
			{Name: opGetTrailStatus, Actions: []string{opGetTrailStatus}},
			{Name: opGetEventSelectors, Actions: []string{opGetEventSelectors}},
			{Name: opGetInsights, Actions: []string{opGetInsights}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.cloudtrail(t.Region)
		trails := listOnce(ctx, t, opDescribeTrails, api.DescribeTrails,
			&cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)},
			func(o *cloudtrail.DescribeTrailsOutput) []types.Trail { return o.TrailList }, typeTrail)
		key := func(trail types.Trail) (string, string) { return typeTrail, aws.ToString(trail.TrailARN) }
		return each(ctx, t, trails, key, func(ctx context.Context, b *collect.Builder, trail types.Trail) {
			b.ARN(b.ID())
			b.Answer(opDescribeTrails, trail)
			home := cmp.Or(aws.ToString(trail.HomeRegion), t.Region)
			reader := trailsAt(c, home)
			once(ctx, b, &reader.status, opGetTrailStatus, home, reader.api.GetTrailStatus,
				&cloudtrail.GetTrailStatusInput{Name: trail.TrailARN})
			once(ctx, b, &reader.selectors, opGetEventSelectors, home, reader.api.GetEventSelectors,
				&cloudtrail.GetEventSelectorsInput{TrailName: trail.TrailARN})
			if trail.HasInsightSelectors != nil && !*trail.HasInsightSelectors {
				b.None(opGetInsights, "no HasInsightSelectors")
				return
			}
			once(ctx, b, &reader.insights, opGetInsights, home, reader.api.GetInsightSelectors,
				&cloudtrail.GetInsightSelectorsInput{TrailName: trail.TrailARN}, "InsightNotEnabledException")
		})
	},
}

// trailReader reads the trails of one home Region and remembers what it read, for
// the other Regions in which they appear.
type trailReader struct {
	api       *cloudtrail.Client
	status    sharedAnswers[cloudtrail.GetTrailStatusOutput]
	selectors sharedAnswers[cloudtrail.GetEventSelectorsOutput]
	insights  sharedAnswers[cloudtrail.GetInsightSelectorsOutput]
}

// trailsAt returns the account's reader for a home Region.
func trailsAt(c *clients, home string) *trailReader {
	api := c.cloudtrail(home)
	return client(c, "cloudtrail trails", home, func(aws.Config) *trailReader { return &trailReader{api: api} })
}

// sharedAnswers holds outputs by the id of their record. A failure is not kept: the next
// Region asks again.
type sharedAnswers[O any] struct {
	mu   sync.Mutex
	made map[string]*sharedAnswer[O]
}

type sharedAnswer[O any] struct {
	mu  sync.Mutex
	out *O
}

func (a *sharedAnswers[O]) of(id string) *sharedAnswer[O] {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil {
		a.made = map[string]*sharedAnswer[O]{}
	}
	if a.made[id] == nil {
		a.made[id] = &sharedAnswer[O]{}
	}
	return a.made[id]
}

// once is describe in the budget of another Region, for an answer that several tasks share.
func once[I, O, P any](ctx context.Context, b *collect.Builder, kept *sharedAnswers[O], op, region string, fn operation[I, O, P], in *I, none ...string) {
	one := kept.of(b.ID())
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.out == nil {
		out, err := callIn(ctx, b.Task(), op, region, fn, in)
		if err != nil {
			failed(b, op, err, none)
			return
		}
		one.out = out
	}
	b.Answer(op, one.out)
}
