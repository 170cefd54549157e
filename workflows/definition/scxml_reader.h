// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/definition/workflow_definition.h"

#include <QByteArrayView>

namespace counterfoil {

inline constexpr qsizetype workflowBytesMax = 1'000'000;
inline constexpr int workflowDepthMax = 64;

/// Reads a workflow file: the flat SCXML profile of 40-workflows, in UTF-8. Elements and attributes of foreign namespaces,
/// comments and processing instructions are passed over; everything else that is not of the profile is refused by name.
/// The result has passed checkDefinition(). Only the meaning is kept: the file itself stays the document.
/// Errors: WorkflowInvalid; the detail has the line and the reason.
Result<WorkflowDefinition> readScxml(QByteArrayView bytes);

} // namespace counterfoil
