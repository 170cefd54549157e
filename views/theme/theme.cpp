// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPointer>
#include <QStyleFactory>
#include <QToolTip>

#include <utility>

static void initIcons()
{
    Q_INIT_RESOURCE(counterfoil_icons);
}

namespace counterfoil {

namespace {

/// Draws in the theme's present colours, so that a change of the theme needs no new icons.
class ThemedIconEngine final : public QIconEngine {
public:
    ThemedIconEngine(const Theme* theme, Icon icon) : m_theme(theme), m_icon(icon) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const int size = std::min(rect.width(), rect.height());
        const QPixmap drawn = iconPixmap(m_icon, size, colour(mode, state), painter->device()->devicePixelRatioF());
        painter->drawPixmap(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2, drawn);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap drawn = iconPixmap(m_icon, std::min(size.width(), size.height()), colour(mode, state), 1.0);
        return drawn;
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        return iconPixmap(m_icon, qRound(std::min(size.width(), size.height()) / scale), colour(mode, state), scale);
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    QColor colour(QIcon::Mode mode, QIcon::State state) const
    {
        if (m_theme == nullptr) {
            return Qt::gray;
        }
        const Tokens& tokens = m_theme->tokens();
        if (mode == QIcon::Disabled) {
            return tokens.disabled;
        }
        return state == QIcon::On || mode == QIcon::Selected ? tokens.accent : tokens.secondary;
    }

    QPointer<const Theme> m_theme;
    Icon m_icon;
};

/// The system's own family where it names one; otherwise the best of what is installed.
QFont baseFont(const QFont& system)
{
    QFont font = system;
    const QStringList generic{QStringLiteral("Sans Serif"), QStringLiteral("Sans"), QStringLiteral("sans-serif"), QString()};
    if (generic.contains(system.family(), Qt::CaseInsensitive)) {
        const QStringList installed = QFontDatabase::families();
        for (const char* family : {"Inter", "Noto Sans", "DejaVu Sans"}) {
            if (installed.contains(QLatin1String(family))) {
                font.setFamily(QString::fromLatin1(family));
                break;
            }
        }
        font.setPointSizeF(std::min(system.pointSizeF() > 0 ? system.pointSizeF() : 10.0, 10.0));
    }
    return font;
}

QPalette paletteOf(const Tokens& t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.window);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::Button, t.surface);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.danger.text);
    p.setColor(QPalette::PlaceholderText, t.secondary);
    p.setColor(QPalette::ToolTipBase, t.raised);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::Light, t.raised);
    p.setColor(QPalette::Midlight, t.line);
    p.setColor(QPalette::Mid, t.strongLine);
    p.setColor(QPalette::Dark, t.strongLine);
    p.setColor(QPalette::Shadow, t.dark ? QColor(Qt::black) : t.strongLine);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        p.setColor(QPalette::Disabled, role, t.disabled);
    }
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.line);
    return p;
}

} // namespace

Theme::Theme(QApplication& application, ThemeMode mode)
    : QObject(&application),
      m_application(application),
      m_base(baseFont(application.font())),
      m_systemIsDark(application.palette().color(QPalette::Window).lightness() < 128),
      m_mode(mode),
      m_tokens(&lightTokens())
{
    initIcons();
    for (std::size_t role = 0; role < m_fonts.size(); ++role) {
        m_fonts[role] = makeFont(static_cast<TextRole>(role));
    }
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    apply();
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode) {
        return;
    }
    m_mode = mode;
    apply();
}

void Theme::apply()
{
    const bool dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemIsDark);
    m_tokens = dark ? &darkTokens() : &lightTokens();
    QApplication::setFont(m_base);
    QApplication::setPalette(paletteOf(*m_tokens));
    QToolTip::setPalette(paletteOf(*m_tokens));
    m_application.setStyleSheet(styleSheetOf(*m_tokens));
    Q_EMIT changed();
}

QFont Theme::makeFont(TextRole role) const
{
    QFont font = m_base;
    const qreal size = m_base.pointSizeF();
    switch (role) {
    case TextRole::Body:
    case TextRole::Figure: break;
    case TextRole::Strong: font.setWeight(QFont::DemiBold); break;
    case TextRole::Title:
        font.setPointSizeF(size * 1.5);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Section:
        font.setPointSizeF(size * 1.15);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Caption: font.setPointSizeF(size * 0.9); break;
    case TextRole::FigureLarge:
        font.setPointSizeF(size * 2.0);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Mono:
    case TextRole::MonoSmall: {
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        const QStringList installed = QFontDatabase::families();
        if (installed.contains(QStringLiteral("Noto Sans Mono"))) {
            font.setFamily(QStringLiteral("Noto Sans Mono"));
        }
        font.setPointSizeF(role == TextRole::Mono ? size * 0.95 : size * 0.87);
        break;
    }
    }
    return font;
}

QFont Theme::font(TextRole role) const
{
    return m_fonts[static_cast<std::size_t>(role)];
}

QIcon Theme::icon(Icon icon) const
{
    return QIcon(new ThemedIconEngine(this, icon));
}

QString toString(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::Light: return QStringLiteral("light");
    case ThemeMode::Dark: return QStringLiteral("dark");
    case ThemeMode::System: break;
    }
    return QStringLiteral("system");
}

} // namespace counterfoil
