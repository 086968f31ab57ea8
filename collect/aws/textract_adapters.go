package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
)

const (
	typeTextractVersion    = "AWS::Textract::AdapterVersion"
	opListTextractAdapters = "textract:ListAdapters"
	opListTextractVersions = "textract:ListAdapterVersions"
	opGetTextractVersion   = "textract:GetAdapterVersion"
)

// textractAdapters reads the versions of Textract's adapters: models that were trained on documents of the account.
var textractAdapters = collector{
	Declaration: collect.Declaration{
		Name: "textract-adapters", Service: "textract", Scope: collect.Regional, Types: []string{typeTextractVersion},
		Operations: []collect.Operation{
			{Name: opListTextractAdapters, Actions: []string{opListTextractAdapters}, MayBeEmpty: true},
			{Name: opListTextractVersions, Actions: []string{opListTextractVersions}, MayBeEmpty: true},
			{Name: opGetTextractVersion, Actions: []string{opGetTextractVersion}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.textract(t.Region)
		adapters := list(ctx, t, opListTextractAdapters, textractAdapterPages(api),
			func(o *textractListAdaptersOutput) []textractAdapter { return o.Adapters }, typeTextractVersion)
		answers := listChildren(ctx, t, opListTextractVersions, adapters,
			func(a textractAdapter) *string { return a.AdapterId },
			func(ctx context.Context, a textractAdapter) ([]textractVersion, error) {
				return pages(ctx, t, opListTextractVersions, t.Region, textractVersionPages(api, a.AdapterId),
					func(o *textractListVersionsOutput) []textractVersion { return o.AdapterVersions })
			}, typeTextractVersion)
		var versions []textractVersion
		for _, a := range adapters {
			for _, v := range answers[aws.ToString(a.AdapterId)].items {
				v.AdapterId = a.AdapterId
				versions = append(versions, v)
			}
		}
		return each(ctx, t, versions,
			func(v textractVersion) (string, string) { return typeTextractVersion, v.id() },
			func(ctx context.Context, b *collect.Builder, v textractVersion) {
				b.ARN("arn:" + assize.Partition(t.Region) + ":textract:" + t.Region + ":" + t.Account + ":/adapters/" +
					aws.ToString(v.AdapterId) + "/versions/" + aws.ToString(v.AdapterVersion))
				b.Answer(opListTextractVersions, v)
				describe(ctx, b, opGetTextractVersion, api.GetAdapterVersion,
					&textractGetVersionInput{AdapterId: v.AdapterId, AdapterVersion: v.AdapterVersion})
			})
	},
}

// id tells a version from those of other adapters.
func (v textractVersion) id() string {
	return aws.ToString(v.AdapterId) + "/" + aws.ToString(v.AdapterVersion)
}

func textractAdapterPages(api *textractClient) *textractPages[textractListAdaptersOutput] {
	return &textractPages[textractListAdaptersOutput]{
		next: func(ctx context.Context, token *string) (*textractListAdaptersOutput, error) {
			return api.ListAdapters(ctx, &textractListAdaptersInput{NextToken: token})
		},
		token: func(o *textractListAdaptersOutput) *string { return o.NextToken },
	}
}

func textractVersionPages(api *textractClient, adapter *string) *textractPages[textractListVersionsOutput] {
	return &textractPages[textractListVersionsOutput]{
		next: func(ctx context.Context, token *string) (*textractListVersionsOutput, error) {
			return api.ListAdapterVersions(ctx, &textractListVersionsInput{AdapterId: adapter, NextToken: token})
		},
		token: func(o *textractListVersionsOutput) *string { return o.NextToken },
	}
}
