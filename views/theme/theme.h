// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/icons.h"
#include "views/theme/tokens.h"

#include <QFont>
#include <QIcon>
#include <QObject>

class QApplication;

namespace counterfoil {

enum class ThemeMode { System, Light, Dark };

/// The type scale of 60-console.
enum class TextRole { Body, Strong, Title, Section, Caption, Mono, MonoSmall, Figure, FigureLarge };

/// The one object that holds the look: tokens become a palette and a small style sheet over Fusion. Widgets ask it for colours,
/// fonts and icons and repaint when it has changed. GUI thread only.
class Theme : public QObject {
    Q_OBJECT
public:
    /// Remembers what the system looks like now (for ThemeMode::System) and applies the first look.
    explicit Theme(QApplication& application, ThemeMode mode = ThemeMode::System);

    ThemeMode mode() const { return m_mode; }
    bool isDark() const { return m_tokens->dark; }
    void setMode(ThemeMode mode);

    const Tokens& tokens() const { return *m_tokens; }
    QFont font(TextRole role) const;
    /// An icon that follows the theme by itself: drawn when painted, in the colour of its state.
    QIcon icon(Icon icon) const;

Q_SIGNALS:
    void changed();

private:
    void apply();
    QFont makeFont(TextRole role) const;

    QApplication& m_application;
    QFont m_base;
    /// Painting asks for fonts in every cell.
    std::array<QFont, static_cast<std::size_t>(TextRole::FigureLarge) + 1> m_fonts;
    bool m_systemIsDark = false;
    ThemeMode m_mode;
    const Tokens* m_tokens;
};

/// `system`, `light`, `dark`.
QString toString(ThemeMode mode);

/// The style sheet of a look, without file or network references.
QString styleSheetOf(const Tokens& tokens);

} // namespace counterfoil
