package gen

// controlArchetypes are policies that limit what others allow, or who may act as a role.
func controlArchetypes() []*Archetype {
	return []*Archetype{boundaryArchetype(), keyArchetype(), trustArchetype(), scpArchetype(), endpointArchetype()}
}
