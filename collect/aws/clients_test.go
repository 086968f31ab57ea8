package aws

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestIAMRegion holds that IAM is called where the partition of the home Region keeps
// it, whichever way a global collector names its Region.
func TestIAMRegion(t *testing.T) {
	t.Parallel()
	for home, want := range map[string]string{
		"eu-west-1": "us-east-1", "cn-northwest-1": "cn-north-1", "us-gov-east-1": "us-gov-west-1",
	} {
		c := newClients(aws.Config{Region: home})
		for _, region := range []string{"", assize.Global, home} {
			if got := c.iam(region).Options().Region; got != want {
				t.Errorf("home %s, Region %q: got %s, want %s", home, region, got, want)
			}
		}
	}
}
