// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/words.h"

#include <QWidget>

class QPainter;

namespace counterfoil {

inline constexpr int badgeHeight = 22;

/// The size of a badge in the given font.
QSize badgeSize(const Look& look, const QFont& font);
/// Draws icon + word on the tone's soft ground, left-aligned and centred in `rect`; elided where too narrow.
void drawBadge(QPainter& painter, const QRect& rect, const Look& look, const Theme& theme);

/// A state in a page: icon and word on a soft ground, never colour alone.
class StateBadge : public QWidget {
    Q_OBJECT
public:
    explicit StateBadge(const Theme& theme, QWidget* parent = nullptr);
    void setLook(const Look& look);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Look m_look;
};

} // namespace counterfoil
