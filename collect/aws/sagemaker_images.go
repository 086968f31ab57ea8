package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerImage = "AWS::SageMaker::Image"
	opListImages       = "sagemaker:ListImages"
	opDescribeImage    = "sagemaker:DescribeImage"
)

var sagemakerImages = collector{
	Declaration: sagemakerTagged(sagemakerDeclaration("sagemaker-images", typeSageMakerImage, opListImages, opDescribeImage)),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListImagesInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.ImageSortByCreationTime, SortOrder: types.ImageSortOrderDescending,
		}
		items := list(ctx, t, opListImages, sagemaker.NewListImagesPaginator(api, in),
			func(o *sagemaker.ListImagesOutput) []types.Image { return o.Images },
			typeSageMakerImage)
		return sagemakerEachTagged(ctx, t, api, typeSageMakerImage, items,
			func(s types.Image) (name, arn *string) { return s.ImageName, s.ImageArn },
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeImage, api.DescribeImage,
					&sagemaker.DescribeImageInput{ImageName: name})
			})
	},
}
