package aws

import (
	"context"
	"errors"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	typePredictableName = "AWS::S3::PredictableBucketName"
	opHeadBucket        = "s3:HeadBucket"
	bucketRegionHeader  = "X-Amz-Bucket-Region"
)

// predictableNames are the names that tools give to their bucket in an account and
// Region: the SageMaker SDK, Glue, and the CDK with its usual qualifier.
func predictableNames(account, region string) []string {
	return []string{
		"sagemaker-" + region + "-" + account,
		"aws-glue-assets-" + account + "-" + region,
		"cdk-hnb659fds-assets-" + account + "-" + region,
	}
}

// s3PredictableNames asks for each of those names whether anybody has a bucket of it. Whose
// it is follows from the account's own list.
var s3PredictableNames = collector{
	Declaration: collect.Declaration{
		Name: "s3-predictable-names", Service: "s3", Scope: collect.Regional, Types: []string{typePredictableName},
		Operations: []collect.Operation{{Name: opHeadBucket, Actions: []string{"s3:ListBucket"}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		t.Complete(typePredictableName)
		api := c.s3(t.Region)
		key := func(name string) (string, string) { return typePredictableName, name }
		return each(ctx, t, predictableNames(t.Account, t.Region), key, func(ctx context.Context, b *collect.Builder, name string) {
			_, err := callIn(ctx, t, opHeadBucket, t.Region, api.HeadBucket, &s3.HeadBucketInput{Bucket: &name})
			switch {
			case err == nil, namesBucketRegion(err):
				b.Answer(opHeadBucket, map[string]bool{"Exists": true})
			case failedWith(err, "NotFound", "NoSuchBucket"):
				b.None(opHeadBucket, "NotFound")
			default:
				b.Fail(opHeadBucket, err)
			}
		})
	},
}

// namesBucketRegion tells a refusal by a bucket that exists, which says where it stands,
// from one that says nothing of it.
func namesBucketRegion(err error) bool {
	response, ok := errors.AsType[*smithyhttp.ResponseError](err)
	return ok && response.Response != nil && response.Response.Header.Get(bucketRegionHeader) != ""
}
