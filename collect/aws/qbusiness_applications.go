package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/qbusiness"
	"github.com/aws/aws-sdk-go-v2/service/qbusiness/types"
)

const (
	typeQBusinessApplication = "AWS::QBusiness::Application"
	opListQApplications      = "qbusiness:ListApplications"
	opGetQApplication        = "qbusiness:GetApplication"
	opGetChatControls        = "qbusiness:GetChatControlsConfiguration"
	opQBusinessTags          = "qbusiness:ListTagsForResource"

	qBusinessPage   = 100
	chatControlPage = 50
)

func (c *clients) qbusiness(region string) *qbusiness.Client {
	return client(c, "qbusiness", region, func(cfg aws.Config) *qbusiness.Client { return qbusiness.NewFromConfig(cfg) })
}

// qbusinessApplications reads the applications of Amazon Q Business with their chat
// controls, not what is said in them.
var qbusinessApplications = collector{
	Declaration: collect.Declaration{
		Name: "qbusiness-applications", Service: "qbusiness", Scope: collect.Regional, Types: []string{typeQBusinessApplication},
		Operations: []collect.Operation{
			{Name: opListQApplications, Actions: []string{opListQApplications}, MayBeEmpty: true},
			{Name: opGetQApplication, Actions: []string{opGetQApplication}},
			{Name: opGetChatControls, Actions: []string{opGetChatControls}, MayBeEmpty: true},
			{Name: opQBusinessTags, Actions: []string{opQBusinessTags}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.qbusiness(t.Region)
		items := list(ctx, t, opListQApplications,
			qbusiness.NewListApplicationsPaginator(api, &qbusiness.ListApplicationsInput{MaxResults: aws.Int32(qBusinessPage)}),
			func(o *qbusiness.ListApplicationsOutput) []types.Application { return o.Applications },
			typeQBusinessApplication)
		return each(ctx, t, items,
			func(s types.Application) (string, string) {
				return typeQBusinessApplication, aws.ToString(s.ApplicationId)
			},
			func(ctx context.Context, b *collect.Builder, s types.Application) {
				arn := "arn:" + assize.Partition(t.Region) + ":qbusiness:" + t.Region + ":" + t.Account + ":application/" + b.ID()
				b.ARN(arn)
				describe(ctx, b, opGetQApplication, api.GetApplication, &qbusiness.GetApplicationInput{ApplicationId: s.ApplicationId})
				chatControls(ctx, b, api, s.ApplicationId)
				describe(ctx, b, opQBusinessTags, api.ListTagsForResource, &qbusiness.ListTagsForResourceInput{ResourceARN: &arn})
			})
	},
}

// chatControls adds the chat controls: the settings of the first page, and the topics of all.
func chatControls(ctx context.Context, b *collect.Builder, api *qbusiness.Client, id *string) {
	var all *qbusiness.GetChatControlsConfigurationOutput
	p := qbusiness.NewGetChatControlsConfigurationPaginator(api, &qbusiness.GetChatControlsConfigurationInput{
		ApplicationId: id, MaxResults: aws.Int32(chatControlPage),
	})
	topics, err := pages(ctx, b.Task(), opGetChatControls, b.StandsIn(), p,
		func(o *qbusiness.GetChatControlsConfigurationOutput) []types.TopicConfiguration {
			if all == nil {
				all = o
			}
			return o.TopicConfigurations
		})
	if err != nil {
		b.Fail(opGetChatControls, err)
		return
	}
	whole := *all
	whole.TopicConfigurations, whole.NextToken = topics, nil
	b.Answer(opGetChatControls, &whole)
}
