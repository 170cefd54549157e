// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/money.h"
#include "views/theme/theme.h"

class QPainter;

namespace counterfoil {

/// Width of `text` when every digit is as wide as the widest.
int figuresWidth(const QString& text, const QFont& font);
/// Draws `text` with digits of equal width, also in fonts whose digits differ, and a leading hyphen as a real minus.
/// Returns the width used.
int drawFigures(QPainter& painter, const QRect& rect, Qt::Alignment alignment, const QString& text);

/// Draws an amount right-aligned in the painter's font: digits, then the currency in caption style; a negative one in the danger
/// colour, nothing in the secondary.
void drawAmount(QPainter& painter, const QRect& rect, const Money& amount, const Theme& theme);
/// The width drawAmount needs in `font`.
int amountWidth(const Money& amount, const Theme& theme, const QFont& font);

/// Local time with zone, and UTC, for tool tips. Empty for none.
QString exactTimeText(UtcTime moment);

} // namespace counterfoil
