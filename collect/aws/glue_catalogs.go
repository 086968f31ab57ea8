package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
)

const (
	typeCatalogEncryption  = "AWS::Glue::DataCatalogEncryptionSettings"
	opGetCatalogEncryption = "glue:GetDataCatalogEncryptionSettings"
)

// glueCatalogs reads the settings of the account's own catalogue, of which there is
// one in each Region.
var glueCatalogs = collector{
	Declaration: collect.Declaration{
		Name: "glue-catalogs", Service: "glue", Scope: collect.Regional, Types: []string{typeCatalogEncryption},
		Operations: []collect.Operation{{Name: opGetCatalogEncryption, Actions: []string{opGetCatalogEncryption}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.glue(t.Region)
		settings := listOnce(ctx, t, opGetCatalogEncryption, api.GetDataCatalogEncryptionSettings, &glue.GetDataCatalogEncryptionSettingsInput{},
			func(o *glue.GetDataCatalogEncryptionSettingsOutput) []*glue.GetDataCatalogEncryptionSettingsOutput {
				return []*glue.GetDataCatalogEncryptionSettingsOutput{o}
			}, typeCatalogEncryption)
		key := func(*glue.GetDataCatalogEncryptionSettingsOutput) (string, string) {
			return typeCatalogEncryption, t.Account
		}
		return each(ctx, t, settings, key, func(_ context.Context, b *collect.Builder, o *glue.GetDataCatalogEncryptionSettingsOutput) {
			b.Answer(opGetCatalogEncryption, o)
		})
	},
}

func (c *clients) glue(region string) *glue.Client {
	return client(c, "glue", region, func(cfg aws.Config) *glue.Client { return glue.NewFromConfig(cfg) })
}
