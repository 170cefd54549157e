// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QLabel>

namespace counterfoil {

/// What a text's colour says; the theme knows the colour.
enum class Ink { Text, Secondary, Disabled, Accent, Success, Warning, Danger };

QColor inkColour(const Tokens& tokens, Ink ink);

/// The only label of the console: plain text always, control and bidi characters shown visibly, at most 256 characters on one
/// elided line (2,048 when it wraps). A label that doesn't fit shows the whole text as its tool tip.
class PlainLabel : public QLabel {
    Q_OBJECT
public:
    PlainLabel(const Theme& theme, const QString& text, TextRole role = TextRole::Body, Ink ink = Ink::Text, QWidget* parent = nullptr);

    /// Text from anywhere; see the class.
    void setPlain(const QString& text);
    void setInk(Ink ink);
    /// Lines break instead of being elided.
    void setWrapping(bool wraps);
    /// May be marked and copied with mouse and keyboard.
    void setSelectable();

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void handleThemeChanged();

    const Theme& m_theme;
    TextRole m_role;
    Ink m_ink;
};

/// Escapes text for the few places of Qt that guess rich text (tool tips): the text is wrapped as escaped HTML.
QString plainToolTip(const QString& text);

} // namespace counterfoil
