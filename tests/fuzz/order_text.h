// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/new_order.h"

#include <QJsonObject>

namespace counterfoil {

/// An order as parseOrder() reads it, with every field that has a value.
QJsonObject orderJson(const NewOrder& order);

} // namespace counterfoil
