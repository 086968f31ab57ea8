package aws

import (
	"sync"

	"github.com/assize-dev/assize"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// clients holds the typed clients of one account, made when first asked for and
// shared by its collectors. A Region of "global" or "" means the home Region: the
// configured one, and for IAM the one in which the partition keeps it.
type clients struct {
	cfg  aws.Config
	home string

	mu   sync.Mutex
	made map[clientKey]any
}

type clientKey struct{ service, region string }

func newClients(cfg aws.Config) *clients {
	return &clients{cfg: cfg, home: cfg.Region, made: map[clientKey]any{}}
}

// client returns the client of a service and Region, made by create if there is none yet.
func client[C any](c *clients, service, region string, create func(aws.Config) C) C {
	if region == "" || region == assize.Global {
		region = c.home
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := clientKey{service, region}
	if made, ok := c.made[key].(C); ok {
		return made
	}
	cfg := c.cfg.Copy()
	cfg.Region = region
	made := create(cfg)
	c.made[key] = made
	return made
}

func (c *clients) bedrock(region string) *bedrock.Client {
	return client(c, "bedrock", region, func(cfg aws.Config) *bedrock.Client { return bedrock.NewFromConfig(cfg) })
}

func (c *clients) bedrockagent(region string) *bedrockagent.Client {
	return client(c, "bedrock-agent", region, func(cfg aws.Config) *bedrockagent.Client { return bedrockagent.NewFromConfig(cfg) })
}

func (c *clients) bedrockagentcorecontrol(region string) *bedrockagentcorecontrol.Client {
	return client(c, "bedrock-agentcore-control", region, func(cfg aws.Config) *bedrockagentcorecontrol.Client {
		return bedrockagentcorecontrol.NewFromConfig(cfg)
	})
}

func (c *clients) sagemaker(region string) *sagemaker.Client {
	return client(c, "sagemaker", region, func(cfg aws.Config) *sagemaker.Client { return sagemaker.NewFromConfig(cfg) })
}

func (c *clients) s3(region string) *s3.Client {
	return client(c, "s3", region, func(cfg aws.Config) *s3.Client {
		return s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.UsePathStyle = o.BaseEndpoint != nil // a stand-in has no names for buckets
			o.APIOptions = append(o.APIOptions, checkRoots(judgeS3))
		})
	})
}

func (c *clients) iam(region string) *iam.Client {
	if region == "" || region == assize.Global {
		region = c.home
	}
	return client(c, "iam", iamRegion(region), func(cfg aws.Config) *iam.Client {
		return iam.NewFromConfig(cfg, func(o *iam.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}

func (c *clients) kms(region string) *kms.Client {
	return client(c, "kms", region, func(cfg aws.Config) *kms.Client { return kms.NewFromConfig(cfg) })
}

func (c *clients) cloudtrail(region string) *cloudtrail.Client {
	return client(c, "cloudtrail", region, func(cfg aws.Config) *cloudtrail.Client { return cloudtrail.NewFromConfig(cfg) })
}

func (c *clients) ec2(region string) *ec2.Client {
	return client(c, "ec2", region, func(cfg aws.Config) *ec2.Client {
		return ec2.NewFromConfig(cfg, func(o *ec2.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}

func (c *clients) cloudwatchlogs(region string) *cloudwatchlogs.Client {
	return client(c, "logs", region, func(cfg aws.Config) *cloudwatchlogs.Client { return cloudwatchlogs.NewFromConfig(cfg) })
}

func (c *clients) sts(region string) *sts.Client {
	return client(c, "sts", region, func(cfg aws.Config) *sts.Client {
		return sts.NewFromConfig(cfg, func(o *sts.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}
