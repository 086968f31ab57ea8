package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"
)

const (
	typeRekognitionProject    = "AWS::Rekognition::Project"
	opDescribeProjects        = "rekognition:DescribeProjects"
	opDescribeProjectVersions = "rekognition:DescribeProjectVersions"
	opListProjectPolicies     = "rekognition:ListProjectPolicies"

	projectPolicyPage = 5
)

// rekognitionProjects reads the projects of Custom Labels and of custom moderation
// with their model versions and the policies by which others may copy them.
var rekognitionProjects = collector{
	Declaration: collect.Declaration{
		Name: "rekognition-projects", Service: "rekognition", Scope: collect.Regional, Types: []string{typeRekognitionProject},
		Operations: sameAction(opDescribeProjects, opDescribeProjectVersions, opListProjectPolicies),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.rekognition(t.Region)
		items := list(ctx, t, opDescribeProjects,
			rekognition.NewDescribeProjectsPaginator(api, &rekognition.DescribeProjectsInput{
				MaxResults: aws.Int32(rekognitionPage),
				// Left out, it means the first of them alone.
				Features: []types.CustomizationFeature{types.CustomizationFeatureCustomLabels, types.CustomizationFeatureContentModeration},
			}),
			func(o *rekognition.DescribeProjectsOutput) []types.ProjectDescription { return o.ProjectDescriptions },
			typeRekognitionProject)
		return each(ctx, t, items,
			func(p types.ProjectDescription) (string, string) {
				return typeRekognitionProject, projectName(p.ProjectArn)
			},
			func(ctx context.Context, b *collect.Builder, p types.ProjectDescription) {
				b.ARN(aws.ToString(p.ProjectArn))
				b.Answer(opDescribeProjects, p)
				describeProject(ctx, b, api, p.ProjectArn)
			})
	},
}

func describeProject(ctx context.Context, b *collect.Builder, api *rekognition.Client, arn *string) {
	gather(ctx, b, opDescribeProjectVersions,
		rekognition.NewDescribeProjectVersionsPaginator(api, &rekognition.DescribeProjectVersionsInput{ProjectArn: arn, MaxResults: aws.Int32(rekognitionPage)}),
		"ProjectVersionDescriptions",
		func(o *rekognition.DescribeProjectVersionsOutput) []types.ProjectVersionDescription {
			return o.ProjectVersionDescriptions
		})
	gather(ctx, b, opListProjectPolicies,
		rekognition.NewListProjectPoliciesPaginator(api, &rekognition.ListProjectPoliciesInput{ProjectArn: arn, MaxResults: aws.Int32(projectPolicyPage)}),
		"ProjectPolicies",
		func(o *rekognition.ListProjectPoliciesOutput) []types.ProjectPolicy { return o.ProjectPolicies })
}

// projectName is the name in "…:project/NAME/1234567890123", which ends with the time of creation.
func projectName(arn *string) string {
	name, _, _ := strings.Cut(resourceOf(arn), "/")
	return name
}
